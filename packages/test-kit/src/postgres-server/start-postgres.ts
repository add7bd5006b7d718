import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { initCluster } from './init-cluster.js'
import { isTraversable } from './is-traversable.js'
import { keepServer, type KeptServer } from './keep-server.js'
import { findPostgresBinaries } from './postgres-binaries.js'
import { findPostgresUser } from './postgres-user.js'

/** A running PostgreSQL server; `stop()` removes its data too. */
export interface PostgresServer extends KeptServer {
  /** Connection string of its `postgres` database, as a superuser. */
  readonly url: string
}

export interface PostgresServerOptions {
  /** Server settings by their names in postgresql.conf, on top of the defaults. Default: none. */
  readonly settings?: Readonly<Record<string, string>>
  /** Folder that the data is put in, one that everybody may enter. Default: the temp folder. */
  readonly dataFolder?: string | undefined
  /** Called with each line of the server's log. Default: the log is dropped. */
  readonly log?: (line: string) => void
}

/** The data is thrown away with the server, so nothing is spent on surviving a power cut. */
const DEFAULT_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

const START_TRIES = 3

/**
 * Starts a throw-away PostgreSQL server on 127.0.0.1, at a free port; no server need be installed. It ends with `stop()`,
 * or with this process, however that ends. For root it runs under an unprivileged account.
 *
 * @throws Error with the server's last log lines when it cannot start.
 */
export async function startPostgres(options: PostgresServerOptions = {}): Promise<PostgresServer> {
  const user = findPostgresUser()
  const temp = user ? sharedTempFolder() : tmpdir()
  const folders: string[] = []
  async function makeFolder(parent: string): Promise<string> {
    const folder = await mkdtemp(path.join(parent, 'sisy-postgres-'))
    folders.push(folder)
    if (user) await chown(folder, user.uid, user.gid)
    return folder
  }
  try {
    const home = await makeFolder(temp)
    const data = await makeFolder(options.dataFolder ?? temp)
    const { initdb, postgres } = await findPostgresBinaries(user, home)
    const superuser = { name: 'sisy', password: randomBytes(12).toString('hex') }
    await initCluster({ initdb, home, data, user, superuser })
    const settings = Object.entries({ ...DEFAULT_SETTINGS, ...options.settings })
    const { port, server } = await retry(START_TRIES, async () => {
      // Another process may take the port before the server does; the next try has another one.
      const port = await findFreePort()
      const args = [
        '-D',
        data,
        '-p',
        String(port),
        ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ]
      return {
        port,
        server: await keepServer({ command: postgres, args, folders, user, log: options.log ?? (() => {}) }),
      }
    })
    return {
      url: `postgresql://${superuser.name}:${superuser.password}@127.0.0.1:${port}/postgres`,
      ...server,
    }
  } catch (error) {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Root's TMPDIR may be closed to the account that the server runs under. */
function sharedTempFolder(): string {
  return isTraversable(tmpdir()) ? tmpdir() : '/tmp'
}

async function retry<T>(tries: number, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (tries === 1) throw error
    return retry(tries - 1, act)
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string')
    throw new Error(`Expected a TCP address with a port, got: ${address}`)
  return address.port
}
