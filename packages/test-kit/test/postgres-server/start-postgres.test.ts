import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, jest, test } from '@jest/globals'
import pg from 'pg'
import { startPostgres } from '../../src/postgres-server/start-postgres.js'

/** A server of its own for each test; beside others' work its files take long to be made. */
jest.setTimeout(120_000)

describe('startPostgres', () => {
  test('starts a server that ends with stop(), which may be called again', async () => {
    const server = await startPostgres({ settings: { max_connections: '7' } })
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    const { rows } = await client.query<{ n: string }>(`SELECT current_setting('max_connections') AS n`)
    expect(rows).toEqual([{ n: '7' }])
    await client.end()
    await server.stop()
    await server.stop()
    await expect(new pg.Client({ connectionString: server.url }).connect()).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
  })

  test.each(['fast', 'immediate'] as const)(
    'restarts with its data, at the same port, by an end that is %s',
    async (end) => {
      const server = await startPostgres({ settings: { synchronous_commit: 'on' } })
      const before = new pg.Client({ connectionString: server.url })
      const broken = new Promise((resolve) => before.on('error', resolve))
      await before.connect()
      await before.query('CREATE TABLE kept AS SELECT 7 AS n')
      await server.restart(end)
      await broken
      const after = new pg.Client({ connectionString: server.url })
      await after.connect()
      const { rows } = await after.query<{ n: number }>('SELECT n FROM kept')
      expect(rows).toEqual([{ n: 7 }])
      await after.end()
      await server.stop()
    },
  )

  test('tells what the server said when it cannot start', async () => {
    await expect(startPostgres({ settings: { max_connections: 'many' } })).rejects.toThrow(
      /max_connections.*many/,
    )
  })

  test.each(['SIGINT', 'SIGKILL'] as const)('ends the server when its owner ends by %s', async (signal) => {
    const kit = new URL('../../dist/index.js', import.meta.url).href
    const program = `
      import { startPostgres } from '${kit}'
      const server = await startPostgres()
      console.log(server.url)
      setInterval(() => {}, 1e9)`
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [url] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string]
    const client = new pg.Client({ connectionString: url })
    const errors: unknown[] = []
    client.on('error', (error) => errors.push(error))
    const closed = new Promise((resolve) => client.once('end', resolve))
    await client.connect()
    owner.kill(signal)
    await closed
    // The server says why it closes a session when it shuts down in order.
    expect(errors[0]).toMatchObject({ code: '57P01' })
  })
})
