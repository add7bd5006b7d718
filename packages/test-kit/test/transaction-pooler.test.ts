import { expect, test } from '@jest/globals'
import { createScratchDatabase, startTransactionPooler } from '@sisy/test-kit'
import pg from 'pg'

test('shares sessions by transaction, so that nothing of a session lasts and nothing is notified', async () => {
  const database = await createScratchDatabase({ schema: 'none' })
  const pooler = await startTransactionPooler({ url: database.url, sessions: 1 })
  const clients = [1, 2].map(() => new pg.Client({ connectionString: pooler.url }))
  await Promise.all(clients.map((client) => client.connect()))
  const [one, two] = clients as [pg.Client, pg.Client]
  const heard: string[] = []
  for (const client of clients) client.on('notification', ({ payload }) => heard.push(payload ?? ''))

  const pidOf = async (client: pg.Client) =>
    (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid WHERE $1', [true])).rows[0]?.pid
  expect(await pidOf(one)).toBe(await pidOf(two))

  await one.query('LISTEN news')
  await one.query('BEGIN')
  const after = two.query('SELECT count(*)::int AS n FROM made')
  await one.query('CREATE TABLE made AS SELECT 1 AS n')
  await one.query(`NOTIFY news, 'lost'`)
  await one.query('COMMIT')
  expect((await after).rows).toEqual([{ n: 1 }])
  await expect(two.query('SELECT nonsense')).rejects.toThrow('nonsense')
  await pidOf(one)
  expect(heard).toEqual([])

  await Promise.all(clients.map((client) => client.end()))
  pooler.close()
  await database.drop()
})
