import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { createScratchDatabase, type ScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import pg from 'pg'
import { sqlState } from '../../src/errors/database-evidence.js'
import { DatabaseError } from '../../src/errors/errors.js'
import { describeDatabaseError, mayPass } from '../../src/process/describe-database-error.js'

let scratch: ScratchDatabase
beforeAll(async () => {
  scratch = await createScratchDatabase({ schema: 'none' })
})
afterAll(() => scratch.drop())

type Ask = (prisma: PrismaClient) => PromiseLike<unknown>

const raw: Ask = (prisma) => prisma.$queryRawUnsafe('SELECT 1 FROM sisy_task')
const model: Ask = (prisma) => prisma.task.findFirst()

/** What a real client throws. */
async function thrownBy(change: (url: URL) => unknown, ask: Ask): Promise<unknown> {
  const url = new URL(scratch.url)
  change(url)
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url.href }) })
  const thrown = await ask(prisma).then(null, (error: unknown) => error)
  await prisma.$disconnect()
  return thrown
}

/** The line told of what a real client throws. */
async function told(change: (url: URL) => unknown, ask: Ask): Promise<string | undefined> {
  const thrown = await thrownBy(change, ask)
  const error = describeDatabaseError(thrown)
  expect(error).toBeInstanceOf(DatabaseError)
  expect(error?.cause).toBe(thrown)
  return error?.message
}

const refusedPort = (url: URL) => (url.port = '1')
const otherDatabase = (url: URL) => (url.pathname = '/sisy_no_such_database')
const otherUser = (url: URL) => (url.username = 'sisy_no_such_user')
const asItIs = (url: URL) => url

describe('describeDatabaseError', () => {
  describe.each<[string, Ask]>([
    ['raw queries', raw],
    ['queries of models', model],
  ])('of %s', (_, ask) => {
    it('knows a server that is not there', async () => {
      const { hostname } = new URL(scratch.url)
      expect(await told(refusedPort, ask)).toMatch(
        `The database at ${hostname}:1 cannot be reached. Start it, or correct`,
      )
    })

    it('knows a host that is not there', async () => {
      expect(await told((url) => (url.hostname = 'no-such-host.invalid'), ask)).toMatch(
        'The database at no-such-host.invalid cannot be reached.',
      )
    })

    it('knows a database that is not there', async () => {
      expect(await told(otherDatabase, ask)).toMatch(
        'The database "sisy_no_such_database" does not exist on this server.',
      )
    })

    it('knows a refused user', async () => {
      expect(await told(otherUser, ask)).toMatch('The database refused the user name or the password.')
    })

    it('knows a table that is not there', async () => {
      expect(await told(asItIs, ask)).toMatch(
        /^The table "(public\.)?sisy_task" is not in the database\. Run npx sisy init, then npx prisma migrate dev/,
      )
    })
  })

  it('knows a connection string that is no URL, and tells nothing of it', async () => {
    const prisma = new PrismaClient({
      adapter: new PrismaPg({ connectionString: 'postgres://me:hun#ter2@localhost/app' }),
    })
    const thrown: unknown = await raw(prisma).then(null, (error: unknown) => error)
    expect(describeDatabaseError(thrown)?.message).toBe(
      'The database cannot be reached, since the connection string (usually DATABASE_URL) is no URL. ' +
        'A password with / # ? @ or : in it must be percent-encoded.',
    )
    await prisma.$disconnect()
  })

  it('knows a column that is not there', async () => {
    expect(await told(asItIs, (prisma) => prisma.$queryRawUnsafe('SELECT nope FROM pg_class'))).toMatch(
      'The column "nope" is not in the database',
    )
  })

  it('knows a lacking right', async () => {
    const sql = 'SET LOCAL ROLE pg_monitor; CREATE TABLE forbidden ()'
    expect(
      await told(asItIs, (prisma) =>
        prisma.$transaction((tx) => tx.$executeRawUnsafe(`DO $$ BEGIN ${sql}; END $$`)),
      ),
    ).toMatch('The database user lacks a right.')
  })

  it('knows what the driver throws by itself', async () => {
    const url = new URL(scratch.url)
    refusedPort(url)
    const thrown: unknown = await new pg.Client({ connectionString: url.href })
      .connect()
      .catch((error: unknown) => error)
    expect(describeDatabaseError(thrown)?.message).toMatch(/^The database at .+:1 cannot be reached\./)
  })

  it('knows what the driver throws at a server without TLS', async () => {
    const thrown: unknown = await new pg.Client({ connectionString: scratch.url, ssl: true })
      .connect()
      .catch((error: unknown) => error)
    expect(describeDatabaseError(thrown)?.message).toMatch(/agree on no TLS connection\. Correct sslmode in/)
  })

  it('knows a certificate that nobody vouches for', () => {
    const code = 'DEPTH_ZERO_SELF_SIGNED_CERT'
    const thrown = Object.assign(new Error('self-signed certificate'), { code })
    expect(describeDatabaseError(thrown)?.message).toMatch(/agree on no TLS connection\. Correct sslmode in/)
    expect(mayPass(thrown)).toBe(false)
  })

  it('knows what the driver throws at a server that hangs up', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const thrown: unknown = await new pg.Client({ host: '127.0.0.1', port })
      .connect()
      .catch((error: unknown) => error)
    server.close()
    expect(describeDatabaseError(thrown)?.message).toMatch(/ended the connection, is starting up or is/)
    expect(mayPass(thrown)).toBe(true)
  })

  it.each([
    ['SELECT 1 FROM sisy_task', /^The table "sisy_task" is not in the database\./],
    ['SELECT nope FROM pg_class', /^The column "nope" is not in the database/],
  ])('knows what the driver throws at %s', async (sql, line) => {
    const client = new pg.Client({ connectionString: scratch.url })
    await client.connect()
    const thrown: unknown = await client.query(sql).catch((error: unknown) => error)
    await client.end()
    expect(describeDatabaseError(thrown)?.message).toMatch(line)
  })

  it('knows which database the driver did not find', async () => {
    const url = new URL(scratch.url)
    otherDatabase(url)
    const thrown: unknown = await new pg.Client({ connectionString: url.href })
      .connect()
      .catch((error: unknown) => error)
    expect(describeDatabaseError(thrown)?.message).toMatch(
      'The database "sisy_no_such_database" does not exist',
    )
    expect(mayPass(thrown)).toBe(false)
  })

  it('leaves as it is what was described before', () => {
    const error = new DatabaseError('The database did not answer within 1 s.', {})
    expect(describeDatabaseError(error)).toBe(error)
  })

  describe.each([
    ['25006', /^The database takes no writes: it is read-only, as a standby is\./],
    ['53100', /^The disk of the database is full\./],
    ['53200', /^The database has run out of memory\./],
    ['57014', /^The database stopped a statement that took longer than statement_timeout/],
    ['55P03', /^Another transaction held a row for longer than lock_timeout allows\./],
    ['40001', /^The statement was in conflict with another transaction/],
    ['40P01', /^The statement was in conflict with another transaction/],
    ['57P05', /ended the connection, is starting up or is shutting down\./],
  ])('SQLSTATE %s', (state, line) => {
    const sql = `DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${state}'; END $$`

    it('is known when Prisma throws it', async () => {
      expect(await told(asItIs, (prisma) => prisma.$executeRawUnsafe(sql))).toMatch(line)
      const thrown = await thrownBy(asItIs, (prisma) => prisma.$executeRawUnsafe(sql))
      expect(sqlState(thrown)).toBe(state)
    })

    it('is known when the driver throws it', async () => {
      const client = new pg.Client({ connectionString: scratch.url })
      await client.connect()
      const thrown: unknown = await client.query(sql).catch((error: unknown) => error)
      await client.end()
      expect(describeDatabaseError(thrown)?.message).toMatch(line)
      expect(sqlState(thrown)).toBe(state)
    })
  })

  it('knows a pool without a free connection', async () => {
    const pool = new pg.Pool({ connectionString: scratch.url, max: 1, connectionTimeoutMillis: 50 })
    const held = await pool.connect()
    const thrown: unknown = await pool.query('SELECT 1').catch((error: unknown) => error)
    held.release()
    await pool.end()
    expect(describeDatabaseError(thrown)?.message).toMatch(/^No connection of the client's pool became free/)
    expect(sqlState(thrown)).toBeUndefined()
  })

  it('knows an answer that does not come, and a connection that breaks', async () => {
    const client = new pg.Client({ connectionString: scratch.url, query_timeout: 50 })
    client.on('error', () => undefined)
    await client.connect()
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    const sleep = 'SELECT pg_sleep(60)'
    const late: unknown = await client.query(sleep).catch((error: unknown) => error)
    const broken = client.query(sleep).catch((error: unknown) => error)
    await client.end()
    expect(describeDatabaseError(late)?.message).toMatch(/^The database did not answer in the time/)
    expect(describeDatabaseError(await broken)?.message).toMatch(/^The database ended the connection/)
    // The server goes on for a while with what nobody waits for.
    const admin = new pg.Client({ connectionString: scratch.url })
    await admin.connect()
    await admin.query('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid])
    await admin.end()
  })

  it.each([[new Error('connect ECONNREFUSED')], [{ code: 'P2002' }], ['text'], [null], [undefined]])(
    'leaves %p to others, since it goes by codes',
    (thrown) => {
      expect(describeDatabaseError(thrown)).toBeUndefined()
    },
  )
})
