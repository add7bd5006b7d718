import { startTcpProxy } from '../../../packages/test-kit/dist/index.js'
import { openApp, prismaClientPath } from '../../endurance/open-app.js'
import { cast, type Role } from '../programs/cast.js'
import { keepProgram, type KeptProgram } from '../programs/keep-program.js'
import { openDatabase, type Database } from './open-database.js'
import { startPooler, type Pooler } from './start-pooler.js'

/** Everything that faults are injected into. */
export interface Stage extends AsyncDisposable {
  readonly database: Database
  /** Null when pgbouncer is not installed; what would go through it goes directly. */
  readonly pooler: Pooler | null
  readonly programs: readonly KeptProgram[]
  /** Folder of the app. */
  readonly path: string
  /** The environment of a process of the app that is known to the database by a name. */
  env(clientName: string): Record<string, string>
}

export interface StageOptions {
  /** Folder of all logs. */
  readonly logs: string
  /** `NAME: value` that all programs and what they start have in their environment. */
  readonly marker: Readonly<Record<string, string>>
}

const minuteMs = 60_000
const app = new URL('../app/', import.meta.url)
const skewedClock = new URL('../programs/skewed-clock.mjs', import.meta.url).href

/** Starts the server, the pooler, and all programs, each with a network of its own between it and the database. */
export async function openStage({ logs, marker }: StageOptions): Promise<Stage> {
  const database = await openDatabase(logs)
  const pooler = await startPooler(database)
  const folder = openApp(app)

  async function start(role: Role): Promise<KeptProgram> {
    const pooled = role.way === 'pooler' && pooler !== null
    const network = await startTcpProxy({
      host: database.host,
      port: pooled ? pooler.port : database.port,
    })
    const ownEnv = {
      ...marker,
      CHAOS_PRISMA_CLIENT: prismaClientPath,
      CHAOS_POOL_SIZE: String(role.connections),
      CHAOS_CLOCK_OFFSET_MS: String(role.clockMinutes * minuteMs),
      NODE_OPTIONS: `--import=${skewedClock}`,
      // A queue of its own, in which there is something for it alone to do.
      SISY_QUEUES: `default,${role.name}`,
      // A pooler in transaction mode passes no notifications on.
      ...(pooled && { SISY_LISTEN: 'false' }),
    }
    return keepProgram(role, {
      network,
      cwd: folder.path,
      logs,
      env: (label) => ({ ...ownEnv, DATABASE_URL: database.url(label, network.port) }),
    })
  }

  const programs = await Promise.all(cast.map(start))
  return {
    database,
    pooler,
    programs,
    path: folder.path,
    env: (clientName) => ({ DATABASE_URL: database.url(clientName), CHAOS_PRISMA_CLIENT: prismaClientPath }),
    async [Symbol.asyncDispose]() {
      for (const { network } of programs) network.close()
      folder[Symbol.dispose]()
      await pooler?.[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}
