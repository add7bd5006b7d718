import { connectionsOf, loadConfig, openStore, type ModuleLoader } from '@sisy/core/internal'
import { attemptExecution, type ExecuteAttempt } from '../execution/execute-attempt.js'

/** What a child is told when it starts. */
export interface ChildAppOptions {
  /** Absolute path of the configuration. */
  readonly config: string
  readonly loader: ModuleLoader | undefined
  /** How many callables run on its client at once. */
  readonly concurrency: number
}

/** The app as a child has it: its own client of the database. */
export interface ChildApp {
  readonly executeAttempt: ExecuteAttempt
  /** How many connections its client may open; null when that cannot be told. */
  readonly connections: number | null
  close(): Promise<void>
}

/** @throws ConfigError when the configuration cannot be loaded here, or its client cannot be made. */
export async function openChildApp({ config, loader, concurrency }: ChildAppOptions): Promise<ChildApp> {
  const loaded = await loadConfig({
    cwd: process.cwd(),
    env: process.env,
    path: config,
    ...(loader !== undefined && { loader }),
  })
  const client = await loaded.openClient({ role: 'child', concurrency })
  const { runtime } = client
  const { base, provider, schema } = runtime
  const { channels } = loaded.settings
  const store = openStore({ client: base, provider, schema, channels })
  return {
    executeAttempt: attemptExecution(runtime, store),
    connections: connectionsOf(base) ?? null,
    close: () => client.close(),
  }
}
