import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startPostgres, type PostgresServer } from '../../../packages/test-kit/dist/index.js'

/** The server under test, with the app's schema, the ledger and the audit. */
export interface Database extends AsyncDisposable {
  readonly server: PostgresServer
  readonly host: string
  readonly port: number
  /** Connection string of the database, for a client that shall be known by a name; by another way than directly, if given. */
  url(clientName: string, port?: number): string
  /** Asks until there is an answer: the server may be on its way down or up. Only for what may be asked twice. */
  readonly query: <Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]) => Promise<Row[]>
}

const name = 'chaos'
const schemas = [
  new URL('../../../prisma/test/schema.sql', import.meta.url),
  new URL('ledger-and-audit.sql', import.meta.url),
]
/** A commit that was told of must survive a restart, so it waits for the write; more connections than all programs open. */
const settings = { synchronous_commit: 'on', max_connections: '150' }
const pauseMs = 100

export async function openDatabase(logs: string): Promise<Database> {
  const log = createWriteStream(path.join(logs, 'postgresql.log'))
  const server = await startPostgres({ settings, log: (line) => log.write(`${line}\n`) })
  const { hostname: host, port } = new URL(server.url)
  const url = (clientName: string, at = Number(port)): string => {
    const own = new URL(server.url)
    own.pathname = `/${name}`
    own.port = String(at)
    own.searchParams.set('application_name', clientName)
    return own.href
  }
  await execute(server.url, `CREATE DATABASE ${name}`)
  for (const file of schemas) await execute(url('chaos'), await readFile(file, 'utf8'))
  const pool = new pg.Pool({ connectionString: url('chaos'), max: 3 })
  // A connection that is lost while nobody uses it; the next query gets another.
  pool.on('error', () => undefined)

  let closed = false

  async function query<Row extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    for (;;) {
      try {
        return (await pool.query<Row>(sql, [...values])).rows
      } catch (error) {
        if (closed || !isTransient(error)) throw error
        await sleep(pauseMs)
      }
    }
  }

  return {
    server,
    host,
    port: Number(port),
    url,
    query,
    async [Symbol.asyncDispose]() {
      closed = true
      await pool.end()
      await server.stop()
      log.end()
    },
  }
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** Whether the connection is at fault, not the statement: no answer of the server's, or one of the classes 08, 53 and 57. */
function isTransient(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || /^(08|53|57)/.test(error.code ?? '')
}
