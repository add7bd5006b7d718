import { systemClock } from '../clock/clock.js'
import type { Settings } from '../config/settings-schema.js'
import type { SomeClient } from '../config/prisma-source.js'
import { about } from '../errors/about.js'
import type { SisyError } from '../errors/sisy-error.js'
import { runtimeOf, type SisyRuntime } from '../extension/sisy-runtime.js'
import { taskValues } from '../extension/task-values.js'
import { within } from '../store/within.js'

/** The app's own client knows no limit. */
const deadline = { clock: systemClock, ms: 10_000, missed: 'The database did not answer' }

/** As much of the plugin's model methods as is needed here. */
interface Scheduler {
  schedule(callable: unknown, options: object): Promise<unknown>
}

/**
 * Makes sure of the tasks a configuration lists. Any number of processes may do so at once: `key` is unique.
 *
 * @throws what `schedule()` throws for a task that is not accepted, before any is written; DatabaseError when the database
 *   does not answer.
 */
export async function ensureTasks(prisma: SomeClient, settings: Settings): Promise<void> {
  const runtime = runtimeOf(prisma)
  const [refused] = refusedTasks(runtime, settings)
  if (refused !== undefined) throw refused
  const property = runtime.models.task.charAt(0).toLowerCase() + runtime.models.task.slice(1)
  // The client's model properties are generated; that this one has the plugin's methods is what `runtimeOf` proved.
  const task = Reflect.get(prisma, property) as Scheduler
  for (const { callable, ...options } of scheduledTasks(settings)) {
    await within(task.schedule(callable, options), deadline)
  }
}

/** Why tasks that a configuration lists are not accepted, each error naming its task by its place. Asks no database. */
export function refusedTasks(runtime: SisyRuntime, settings: Settings): SisyError[] {
  return scheduledTasks(settings).flatMap(({ callable, ...options }, n) => {
    try {
      taskValues(runtime, callable, options)
      return []
    } catch (thrown) {
      const refused = about(thrown, `tasks[${n}] of the configuration`, { item: n })
      if (refused === undefined) throw thrown
      return [refused]
    }
  })
}

function scheduledTasks({ tasks, defaultSchedule: schedule, timezone }: Settings) {
  return tasks.map((task) => ({ schedule, timezone, ...task }))
}
