import { randomBytes } from 'node:crypto'
import process from 'node:process'
import pg from 'pg'
import { startPostgres } from '../../../packages/test-kit/dist/index.js'
import { serverProcess } from './cpu-time.js'

/** The PostgreSQL server that all contenders use, each in a database of its own. */
export interface BenchServer extends AsyncDisposable {
  /** What it is and how it is set, on one line. */
  readonly description: string
  /** Makes an empty database. @returns its connection string. */
  createDatabase(): Promise<string>
  /**
   * Brings a database to the state in which it is measured: no dead rows, statistics of what it holds, nothing left to be
   * written to disk.
   */
  settle(url: string): Promise<void>
  /** Pid of the server's first process; null where it runs elsewhere, or the system does not tell. */
  readonly pid: number | null
}

/** As a server that keeps its data: each commit waits for the disk. */
const settings = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', max_wal_size: '4GB' }
const told = ['fsync', 'synchronous_commit', 'autovacuum', 'shared_buffers', 'max_wal_size']

/** Uses the server of `DATABASE_URL`, or starts one. Databases it made are dropped at the end. */
export async function openServer(): Promise<BenchServer> {
  const given = process.env['DATABASE_URL']
  const server =
    given === undefined ? await startPostgres({ settings }) : { url: given, stop: () => Promise.resolve() }
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  const prefix = `sisy_bench_${randomBytes(3).toString('hex')}`
  const names: string[] = []
  return {
    description: await describe(admin),
    pid: await serverProcess(admin),
    createDatabase: async () => {
      const name = `${prefix}_${names.length}`
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`)
      names.push(name)
      const url = new URL(server.url)
      url.pathname = `/${name}`
      return url.href
    },
    settle: async (url) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query('VACUUM (ANALYZE)')
      await client.query('CHECKPOINT')
      await client.end()
    },
    async [Symbol.asyncDispose]() {
      for (const name of names) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await admin.end()
      await server.stop()
    },
  }
}

async function describe(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query<{ name: string; value: string }>(
    'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) AS name',
    [['server_version', ...told]],
  )
  const [version, ...others] = rows.map(({ name, value }) =>
    name === 'server_version' ? value : `${name} ${value}`,
  )
  return `PostgreSQL ${version ?? ''}: ${others.join(', ')}`
}
