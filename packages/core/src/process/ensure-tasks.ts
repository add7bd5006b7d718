import { systemClock } from '../clock/clock.js'
import type { Settings } from '../config/settings-schema.js'
import type { SomeClient } from '../config/prisma-source.js'
import { runtimeOf } from '../extension/sisy-runtime.js'
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
 * @throws what `schedule()` throws for a task that is not accepted; DatabaseError when the database does not answer.
 */
export async function ensureTasks(prisma: SomeClient, settings: Settings): Promise<void> {
  const { models } = runtimeOf(prisma)
  const property = models.task.charAt(0).toLowerCase() + models.task.slice(1)
  // The client's model properties are generated; that this one has the plugin's methods is what `runtimeOf` proved.
  const task = Reflect.get(prisma, property) as Scheduler
  for (const { callable, ...options } of settings.tasks) {
    const { defaultSchedule: schedule, timezone } = settings
    await within(task.schedule(callable, { schedule, timezone, ...options }), deadline)
  }
}
