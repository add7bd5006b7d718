// A data migration: it adds a row and the task bound to it. It names the method by its path, so that it goes on working
// whatever the app's modules are called one day, and finds its task again by the label.
import type { Tx } from '../../src/db.js'

const LABEL = 'Check Status page'

/** Adds the status page at `url`, checked on the hour in New York. */
export async function up(tx: Tx, url: string): Promise<void> {
  const schedule = { schedule: '0 * * * *', timezone: 'America/New_York' }
  const site = await tx.site.create({ data: { name: 'Status page', url, ...schedule } })
  await tx.task.schedule('site.check', {
    record: { id: site.id },
    label: LABEL,
    // The first check at once, the others by the schedule.
    waitForSchedule: false,
    ...schedule,
  })
}

/** Takes the status page away again, with its task and what is left to run of it. */
export async function down(tx: Tx): Promise<void> {
  const task = await tx.task.findFirstOrThrow({ where: { label: LABEL } })
  const { id } = task.modelKey as { id: number }
  await tx.task.delete({ where: { id: task.id } })
  await tx.site.delete({ where: { id } })
}

/** Whether `up` was done. */
export async function isUp(tx: Tx): Promise<boolean> {
  return (await tx.task.count({ where: { label: LABEL } })) > 0
}
