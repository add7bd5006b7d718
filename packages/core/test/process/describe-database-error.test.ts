import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PrismaPg } from '@prisma/adapter-pg'
import { createScratchDatabase, type ScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import pg from 'pg'
import { DatabaseError } from '../../src/errors/errors.js'
import { describeDatabaseError } from '../../src/process/describe-database-error.js'

let scratch: ScratchDatabase
beforeAll(async () => {
  scratch = await createScratchDatabase({ schema: 'none' })
})
afterAll(() => scratch.drop())

type Ask = (prisma: PrismaClient) => PromiseLike<unknown>

const raw: Ask = (prisma) => prisma.$queryRawUnsafe('SELECT 1 FROM sisy_task')
const model: Ask = (prisma) => prisma.task.findFirst()

/** The line told of what a real client throws. */
async function told(change: (url: URL) => unknown, ask: Ask): Promise<string | undefined> {
  const url = new URL(scratch.url)
  change(url)
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url.href }) })
  try {
    await ask(prisma)
    return undefined
  } catch (thrown) {
    const error = describeDatabaseError(thrown)
    expect(error).toBeInstanceOf(DatabaseError)
    expect(error?.cause).toBe(thrown)
    return error?.message
  } finally {
    await prisma.$disconnect()
  }
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

  it.each([
    ['SELECT 1 FROM sisy_task', /^The table is not in the database\./],
    ['SELECT nope FROM pg_class', /^The column is not in the database/],
  ])('knows what the driver throws at %s', async (sql, line) => {
    const client = new pg.Client({ connectionString: scratch.url })
    await client.connect()
    const thrown: unknown = await client.query(sql).catch((error: unknown) => error)
    await client.end()
    expect(describeDatabaseError(thrown)?.message).toMatch(line)
  })

  it.each([[new Error('connect ECONNREFUSED')], [{ code: 'P2002' }], ['text'], [null], [undefined]])(
    'leaves %p to others, since it goes by codes',
    (thrown) => {
      expect(describeDatabaseError(thrown)).toBeUndefined()
    },
  )
})
