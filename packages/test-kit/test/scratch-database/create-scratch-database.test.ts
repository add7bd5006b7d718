import { describe, expect, test } from '@jest/globals'
import pg from 'pg'
import { createScratchDatabase } from '../../src/scratch-database/create-scratch-database.js'

describe('createScratchDatabase', () => {
  test('gives each caller a database of its own with the test schema', async () => {
    const [a, b] = await Promise.all([createScratchDatabase(), createScratchDatabase()])
    await query(a.url, `INSERT INTO sisy_task (label, callable) VALUES ('x', 'x')`)
    expect(await query(a.url, 'SELECT label, queue FROM sisy_task')).toEqual([
      { label: 'x', queue: 'default' },
    ])
    expect(await query(b.url, 'SELECT label FROM sisy_task')).toEqual([])
    await a.drop()
    await b.drop()
    await expect(query(a.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' })
  })

  test('gives an empty one on request', async () => {
    const database = await createScratchDatabase({ schema: 'none' })
    expect(await query(database.url, `SELECT to_regclass('sisy_task') AS found`)).toEqual([{ found: null }])
    await database.drop()
  })

  test('names the sessions left open when it is dropped, and drops it all the same', async () => {
    const database = await createScratchDatabase({ schema: 'none' })
    const leaked = new pg.Client({ connectionString: database.url, application_name: 'forgotten' })
    leaked.on('error', () => {})
    await leaked.connect()
    await expect(database.drop()).rejects.toThrow(/1 sessions were still open[^]*forgotten/)
    await expect(query(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' })
  })
})

async function query(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
