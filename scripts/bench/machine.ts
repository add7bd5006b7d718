import os from 'node:os'
import process from 'node:process'

/** The machine that was measured, on one line. */
export function describeMachine(): string {
  const [cpu] = os.cpus()
  const memory = Math.round(os.totalmem() / 2 ** 30)
  return `${cpu?.model.trim() ?? 'unknown processor'}, ${os.availableParallelism()} cores, ${memory} GB, ${os.platform()}, Node ${process.version}`
}
