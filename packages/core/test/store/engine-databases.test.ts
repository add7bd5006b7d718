import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { DatabaseError, systemClock } from '@sisy/core/internal'
import {
  createScratchDatabase,
  startDatabaseProxy,
  startTransactionPooler,
  type ScratchDatabase,
  type DatabaseProxy,
} from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import pg from 'pg'
import { databaseOf } from '../../src/store/client-database.js'
import type { Database } from '../../src/store/database.js'
import { openEngineDatabases } from '../../src/store/engine-databases.js'

let scratch: ScratchDatabase
let admin: pg.Client
beforeAll(async () => {
  scratch = await createScratchDatabase({ schema: 'none' })
  admin = new pg.Client({ connectionString: scratch.url })
  await admin.connect()
  // A sequence keeps its count through a rollback.
  await admin.query('CREATE SEQUENCE tries')
  await admin.query(`CREATE FUNCTION conflict_until(n int, code text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('tries') < n THEN RAISE EXCEPTION 'in each other''s way' USING ERRCODE = code; END IF;
    RETURN n;
  END $$`)
})
afterAll(async () => {
  await admin.end()
  // Fails when a database of these tests left its sessions open.
  await scratch.drop()
})

type Given = ConstructorParameters<typeof PrismaPg>[0]

/** An engine's database beside a client made like this, and what ends both. */
function open(given: Given, deadlineMs = 10_000) {
  const client = new PrismaClient({ adapter: new PrismaPg(given) })
  const { others: database, ...engine } = openEngineDatabases({
    client,
    name: 'sisy-test',
    connections: { claiming: 1, others: 4 },
    deadlineMs,
    clock: systemClock,
    random: Math.random,
  })
  return {
    client,
    database,
    ...engine,
    async [Symbol.asyncDispose]() {
      await engine.close()
      await client.$disconnect()
    },
  }
}

const sessionOf = async (db: Database): Promise<{ pid: number; name: string }> => {
  const [session] = await db.query<{ pid: number; name: string }>(
    `SELECT pg_backend_pid() AS pid, current_setting('application_name') AS name`,
    [],
  )
  return session!
}

describe('sends statements', () => {
  test('over connections that bear its name', async () => {
    await using opened = open({ connectionString: scratch.url })
    expect((await sessionOf(opened.database)).name).toBe('sisy-test')
  })

  test("over connections that bear the app's name, where it has one", async () => {
    await using opened = open({ connectionString: scratch.url, application_name: 'shop' })
    expect((await sessionOf(opened.database)).name).toBe('shop')
  })

  test("over the app's own pool, which stays open", async () => {
    const pool = new pg.Pool({ connectionString: scratch.url, max: 3, application_name: 'shop' })
    const opened = open(pool)
    expect((await sessionOf(opened.database)).name).toBe('shop')
    await opened.close()
    expect((await pool.query('SELECT 1')).rowCount).toBe(1)
    await opened.client.$disconnect()
    await pool.end()
  })

  test('through the client where it holds the only connection', async () => {
    await using opened = open({ connectionString: scratch.url, max: 1 })
    const { pid } = await sessionOf(opened.database)
    expect((await sessionOf(databaseOf(opened.client))).pid).toBe(pid)
  })

  test('although user code holds every connection of the app', async () => {
    await using opened = open({ connectionString: scratch.url, max: 2 })
    await admin.query('SELECT pg_advisory_lock(1)')
    const held = Array.from(
      { length: 5 },
      () => opened.client.$queryRaw`SELECT pg_advisory_xact_lock(1)::text`,
    )
    expect(await sessionOf(opened.database)).toBeDefined()
    await admin.query('SELECT pg_advisory_unlock(1)')
    await Promise.all(held)
  })

  test('and tells how many rows one changed', async () => {
    await using opened = open({ connectionString: scratch.url })
    await opened.database.execute('CREATE TABLE numbers AS SELECT generate_series(1, 7) AS n', [])
    expect(await opened.database.execute('DELETE FROM numbers WHERE n > $1', [4])).toBe(3)
  })
})

describe('a statement that gets no answer', () => {
  let proxy: DatabaseProxy
  beforeAll(async () => {
    proxy = await startDatabaseProxy(scratch.url)
  })
  beforeEach(() => proxy.heal())
  afterAll(() => {
    proxy.close()
  })

  test('on half-open connections ends in time, and those that follow get new ones', async () => {
    await using opened = open({ connectionString: proxy.url }, 500)
    // Two connections, of which one fails and the other would.
    await Promise.all([sessionOf(opened.database), sessionOf(opened.database)])
    proxy.forget()
    const error: unknown = await sessionOf(opened.database).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DatabaseError)
    expect((error as Error).message).toBe('The database did not answer within 0.5 s.')
    expect(await sessionOf(opened.database)).toBeDefined()
  })

  test('ends in time where the network stands still, and is not sent when it goes on', async () => {
    await using opened = open({ connectionString: proxy.url }, 500)
    proxy.stall()
    await expect(opened.database.query('CREATE TABLE too_late ()', [])).rejects.toThrow(
      'No connection to the database came about within 0.5 s.',
    )
    await proxy.heal()
    await sessionOf(opened.database)
    expect((await admin.query(`SELECT to_regclass('too_late') AS it`)).rows).toEqual([{ it: null }])
  })

  test('holds up no end', async () => {
    const opened = open({ connectionString: proxy.url }, 60_000)
    await sessionOf(opened.database)
    proxy.forget()
    const hanging = sessionOf(opened.database).catch((thrown: unknown) => thrown)
    await opened.close()
    expect(await hanging).toBeInstanceOf(Error)
    await opened.client.$disconnect()
  })

  test("for want of a connection in the app's pool ends in time, and is not sent later", async () => {
    const pool = new pg.Pool({ connectionString: scratch.url, max: 1 })
    const opened = open(pool, 200)
    const held = await pool.connect()
    await expect(opened.database.query('CREATE TABLE too_late ()', [])).rejects.toThrow(
      'No connection to the database came about within 0.2 s.',
    )
    held.release()
    await sessionOf(opened.database)
    expect((await admin.query(`SELECT to_regclass('too_late') AS it`)).rows).toEqual([{ it: null }])
    await opened.close()
    await opened.client.$disconnect()
    await pool.end()
  })

  test('destroys its socket', async () => {
    const accepted: Socket[] = []
    // Takes everything for an accepted login, and answers no statement.
    const ready = Buffer.concat([Buffer.from('R\0\0\0\x08\0\0\0\0'), Buffer.from('Z\0\0\0\x05I')])
    const server = createServer((socket) => {
      accepted.push(socket)
      socket.once('data', () => socket.write(ready))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const opened = open({ connectionString: `postgres://me@127.0.0.1:${port}/db` }, 300)
    const connected = once(server, 'connection')
    const asked = sessionOf(opened.database).catch((thrown: unknown) => thrown)
    await connected
    const gone = once(accepted[0]!, 'close')
    expect(await asked).toBeInstanceOf(DatabaseError)
    await gone
    await opened.close()
    await opened.client.$disconnect()
    server.close()
  })
})

describe('a statement that is repeated', () => {
  const double = async (db: Database, n: number) => {
    const [row] = await db.query<{ twice: number }>('SELECT $1::int * 2 AS twice', [n])
    return row?.twice
  }
  const namesIn = (db: Database) =>
    db.query<{ statement: string }>('SELECT statement FROM pg_prepared_statements', [])
  let close = (): unknown => undefined
  afterEach(async () => {
    await close()
    close = () => undefined
  })
  /** Sessions as those of an engine that may name statements, also behind a pooler. */
  const planningEachTime = () => {
    const url = new URL(scratch.url)
    url.searchParams.set('options', '-c plan_cache_mode=force_custom_plan')
    return url.href
  }

  test('is parsed once, and planned each time', async () => {
    await using opened = open({ connectionString: scratch.url })
    for (let n = 1; n <= 7; n += 1) expect(await double(opened.database, n)).toBe(2 * n)
    const counted = 'SELECT statement, custom_plans::int AS planned FROM pg_prepared_statements'
    const statement = 'SELECT $1::int * 2 AS twice'
    expect(await opened.database.query(counted, [])).toContainEqual({ statement, planned: 7 })
  })

  test.each([
    ["over the app's own pool", () => new pg.Pool({ connectionString: scratch.url })],
    [
      "over sessions with the app's own options",
      () => ({ connectionString: scratch.url, options: '-c geqo=off' }),
    ],
  ])('is sent without a name %s', async (_, given) => {
    const settings = given()
    if (settings instanceof pg.Pool) close = () => settings.end()
    await using opened = open(settings)
    expect(await double(opened.database, 1)).toBe(2)
    expect(await namesIn(opened.database)).toEqual([])
  })

  test('goes on when a migration changes its result', async () => {
    await using opened = open({ connectionString: scratch.url })
    await admin.query('CREATE TABLE changing AS SELECT 1 AS n')
    const read = () => opened.database.query('SELECT * FROM changing WHERE n = $1', [1])
    expect(await read()).toEqual([{ n: 1 }])
    await admin.query(`ALTER TABLE changing ADD name text DEFAULT 'one'`)
    expect(await read()).toEqual([{ n: 1, name: 'one' }])
  })

  test('goes on where a pooler mixes up sessions', async () => {
    const pooler = await startTransactionPooler({ url: planningEachTime(), sessions: 3 })
    close = () => pooler.close()
    await using opened = open({ connectionString: pooler.url })
    const numbers = Array.from({ length: 40 }, (_, n) => n)
    const doubled = await Promise.all(numbers.map((n) => double(opened.database, n)))
    expect(doubled).toEqual(numbers.map((n) => 2 * n))
  })

  test('is sent without a name where a pooler refuses sessions with options', async () => {
    const refusal = 'SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: options\0\0'
    const refused = Buffer.from(`E\0\0\0${String.fromCharCode(refusal.length + 4)}${refusal}`, 'latin1')
    const target = new URL(scratch.url)
    const pooler = createServer((client) => {
      client.once('data', (startup: Buffer) => {
        if (startup.includes('options\0')) return client.end(refused)
        const server = connect(Number(target.port || 5432), target.hostname)
        server.write(startup)
        client.pipe(server).pipe(client)
      })
    }).listen(0, '127.0.0.1')
    close = () => pooler.close()
    await once(pooler, 'listening')
    const through = new URL(scratch.url)
    through.host = `127.0.0.1:${(pooler.address() as AddressInfo).port}`
    await using opened = open({ connectionString: through.href })
    // More than there are connections.
    const doubled = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => double(opened.database, n)))
    expect(doubled).toEqual([2, 4, 6, 8, 10, 12])
    expect(await namesIn(opened.database)).toEqual([])
  })
})

describe.each(['40001', '40P01'])('what the database undoes for a conflict (%s)', (code) => {
  beforeEach(() => admin.query(`SELECT setval('tries', 1, false)`))
  const conflictUntil = (db: Database, n: number) =>
    db.query<{ n: number }>('SELECT conflict_until($1::int, $2) AS n', [n, code])

  test.each([
    ['an engine', (opened: ReturnType<typeof open>) => opened.database],
    ['the client', (opened: ReturnType<typeof open>) => databaseOf(opened.client)],
  ])('%s sends again, twice', async (_, databaseIn) => {
    await using opened = open({ connectionString: scratch.url })
    expect(await conflictUntil(databaseIn(opened), 3)).toEqual([{ n: 3 }])
    await expect(conflictUntil(databaseIn(opened), 7)).rejects.toThrow("in each other's way")
  })

  test('a transaction of the caller does not send again', async () => {
    await using opened = open({ connectionString: scratch.url })
    await expect(opened.client.$transaction((tx) => conflictUntil(databaseOf(tx), 2))).rejects.toThrow()
    expect(await conflictUntil(opened.database, 2)).toEqual([{ n: 2 }])
  })
})
