import {
  describeDatabaseError,
  loadConfig,
  oneLine,
  openInspector,
  refusedTasks,
  SisyError,
  UnknownCallableError,
  type LoadedConfig,
  type SisyRuntime,
} from '@sisy/core/internal'
import { findSchema } from '../schema/find-schema.js'
import { readFragment, type Fragment } from '../schema/fragment.js'
import { readPrismaConfig } from '../schema/prisma-config.js'
import { checkCallables } from './check-callables.js'
import { checkFrequencies } from './check-frequencies.js'
import { checkProblems } from './check-problems.js'
import { checkProcesses } from './check-processes.js'
import { checkSchema } from './check-schema.js'
import { checkServer } from './check-server.js'
import { checkTables } from './check-tables.js'
import { good, hint, problem, type Finding } from './finding.js'

/** How many tasks with a problem are named. */
const mostProblems = 20

/** How much later than they should processes may show themselves, milliseconds. */
const shownAfterMs = 10_000

/** Which app to examine. */
export interface ExamineOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Path of the configuration. Default: `sisy.config.*` in `cwd`. */
  readonly config?: string
  /** Path of the schema. Default: where Prisma looks. */
  readonly schema?: string
}

/** Everything that can be told about an app's set-up. What cannot be examined is a problem, never a throw. */
export async function examine(options: ExamineOptions): Promise<Finding[]> {
  const fragment = readFragment()
  return [...(await examineSchema(options, fragment)), ...(await examineConfig(options, fragment))]
}

async function examineSchema({ cwd, schema }: ExamineOptions, fragment: Fragment): Promise<Finding[]> {
  return orProblem(async () => {
    const prismaConfig = await readPrismaConfig(cwd)
    const path = schema === undefined ? {} : { path: schema }
    return checkSchema(findSchema({ cwd, prismaConfig, ...path }), fragment, cwd)
  })
}

async function examineConfig({ cwd, env, config }: ExamineOptions, fragment: Fragment): Promise<Finding[]> {
  return orProblem(async () => {
    const loaded = await loadConfig({ cwd, env, ...(config === undefined ? {} : { path: config }) })
    const { concurrency } = loaded.settings.worker
    const client = await loaded.openClient({ role: 'supervisor', concurrency })
    try {
      const findings = [
        good(`The configuration ${loaded.path} is accepted.`),
        ...checkChannels(loaded, client.runtime),
        ...checkTasks(loaded, client.runtime),
      ]
      return [...findings, ...(await orProblem(() => examineDatabase(loaded, client.runtime, fragment)))]
    } finally {
      await client.close()
    }
  })
}

async function examineDatabase(
  loaded: LoadedConfig,
  runtime: SisyRuntime,
  fragment: Fragment,
): Promise<Finding[]> {
  const inspector = openInspector({ client: runtime.base, schema: runtime.schema })
  const server = checkServer(await inspector.readServerVersion())
  const tables = checkTables(await inspector.inspectTables(), fragment)
  if (tables.some(({ kind }) => kind === 'problem')) return [...server, ...tables]
  const registered = runtime.registry.paths()
  const unknown = await inspector.countUnknownCallables(registered)
  const ensured = loaded.settings.tasks.flatMap(({ callable }) =>
    typeof callable === 'string' ? [callable] : [],
  )
  const problems = checkProblems(await inspector.listProblems(mostProblems))
  const frequencies = checkFrequencies(
    await inspector.countSchedulesWithSeconds(),
    loaded.settings.heartbeat.frequency * 1000,
  )
  const { heartbeat, worker } = loaded.settings
  const processes = checkProcesses(
    await inspector.findNeglected({
      stampedWithinMs: shownAfterMs + heartbeat.frequency * 1000,
      seenWithinMs: shownAfterMs + worker.leaseSeconds * 1000,
    }),
  )
  const callables = checkCallables(unknown, ensured, registered)
  return [...server, ...tables, ...callables, ...problems, ...frequencies, ...processes]
}

/** The app tells of new work under the names the plugin has; heartbeat and worker listen under the configuration's. */
function checkChannels({ settings }: LoadedConfig, runtime: SisyRuntime): Finding[] {
  const notified = runtime.channels()
  return (['heartbeat', 'runTask', 'killTask'] as const)
    .filter((name) => notified[name] !== settings.channels[name])
    .map((name) =>
      hint(
        `The client notifies on "${notified[name]}" and the configuration listens on "${settings.channels[name]}" ` +
          `(channels.${name}), so nothing is woken, only polled. Set it once, in the environment.`,
      ),
    )
}

/** Those whose callable is not registered are told with all others of that kind. */
function checkTasks({ settings }: LoadedConfig, runtime: SisyRuntime): Finding[] {
  return refusedTasks(runtime, settings)
    .filter((error) => !(error instanceof UnknownCallableError))
    .map((error) => problem(`${oneLine(error)} Heartbeat and worker do not start.`))
}

async function orProblem(examination: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await examination()
  } catch (thrown) {
    const known = thrown instanceof SisyError ? thrown : describeDatabaseError(thrown)
    return [problem(oneLine(known ?? thrown))]
  }
}
