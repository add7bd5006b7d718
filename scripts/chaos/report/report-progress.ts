import type { Stage } from '../stage/open-stage.js'

/** Prints one line: how the runs stand, and how many faults there were. */
export async function reportProgress({ database }: Stage, seconds: number, injected: number): Promise<void> {
  const rows = await database.query<{ state: string; runs: number }>(
    'SELECT state, count(*)::int AS runs FROM sisy_task_run GROUP BY state ORDER BY state',
  )
  const runs = rows.map(({ state, runs: count }) => `${count} ${state}`).join(', ')
  const whole = Math.round(seconds)
  const time = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
  console.log(`${time.padStart(6)}  ${injected} faults; ${runs || 'no runs'}`)
}
