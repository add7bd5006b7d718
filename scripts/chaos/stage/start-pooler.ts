import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from './open-database.js'

/** A pgbouncer in transaction mode before the database. */
export interface Pooler extends AsyncDisposable {
  readonly port: number
  /** Kills it, and starts it again. Resolves when it accepts connections. */
  restart(): Promise<void>
}

const command = 'pgbouncer'
const pauseMs = 20

/** Null when pgbouncer is not installed. */
export async function startPooler(database: Database): Promise<Pooler | null> {
  if (spawnSync(command, ['--version']).error !== undefined) return null
  // In /tmp itself: for root it runs as another account, which must be able to read its settings.
  const home = mkdtempSync(path.join(process.getuid?.() === 0 ? '/tmp' : tmpdir(), 'sisy-pooler-'))
  chmodSync(home, 0o755)
  const port = await findFreePort()
  const settings = path.join(home, 'pgbouncer.ini')
  writeFileSync(settings, settingsOf(database, port))
  let running = await start(settings, port)

  async function stop(): Promise<void> {
    const ended = once(running, 'close')
    running.kill('SIGKILL')
    await ended
  }

  return {
    port,
    restart: async () => {
      await stop()
      running = await start(settings, port)
    },
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(home, { recursive: true })
    },
  }
}

/** Everybody is let in, and is the server's superuser; `server_login_retry` is how soon it looks for a lost server again. */
function settingsOf(database: Database, port: number): string {
  const { username, password, pathname } = new URL(database.url('pooler'))
  return `
[databases]
${pathname.slice(1)} = host=${database.host} port=${database.port} user=${username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 10
server_login_retry = 1
`
}

async function start(settings: string, port: number): Promise<ChildProcess> {
  const args = [...(process.getuid?.() === 0 ? ['-u', 'nobody'] : []), '-q', settings]
  const pooler = spawn(command, args, { stdio: 'ignore' })
  const kill = (): unknown => pooler.kill('SIGKILL')
  process.once('exit', kill)
  pooler.once('close', () => process.off('exit', kill))
  while (!(await accepts(port))) {
    if (pooler.exitCode !== null) throw new Error(`${command} ended with exit code ${pooler.exitCode}.`)
    await sleep(pauseMs)
  }
  return pooler
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
