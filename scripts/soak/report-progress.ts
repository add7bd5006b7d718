import type { Stage } from './open-stage.js'
import type { Watch } from './watch-programs.js'

/** Prints one line: how the runs stand, and what the workers use. */
export async function reportProgress({ database }: Stage, watch: Watch, seconds: number): Promise<void> {
  const { children, megabytes } = watch.look()
  const sql = 'SELECT state, count(*)::int AS runs FROM sisy_task_run GROUP BY state ORDER BY state'
  const { rows } = await database.query<{ state: string; runs: number }>(sql)
  const runs = rows.map(({ state, runs: count }) => `${count} ${state}`).join(', ')
  const memory = megabytes.map((amount) => amount.toFixed(0)).join(' and ')
  const whole = Math.round(seconds)
  const time = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
  console.log(`${time.padStart(6)}  ${runs || 'no runs'}; ${children} children; workers hold ${memory} MB`)
}
