import { readFile } from 'node:fs/promises'
import type { Measurement } from './measurement.js'

/** Clock ticks in a second, as `/proc` counts CPU time for user space on every architecture Linux runs Node on. */
const ticksPerSecond = 100

/** Reads Linux's `/proc`, which also knows the highest resident memory; see proc_pid_status(5) and proc_pid_stat(5). */
export async function measureByProc(pid: number): Promise<Measurement | null> {
  try {
    const [status, stat] = await Promise.all([
      readFile(`/proc/${pid}/status`, 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ])
    const residentBytes = kibibytes(status, 'VmRSS')
    const peakBytes = kibibytes(status, 'VmHWM')
    // The name in brackets may hold anything; the fields after it are numbered from 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = Number(fields[11]) + Number(fields[12])
    // A process that is ending has no memory any more.
    if (residentBytes === null) return null
    return { residentBytes, peakBytes, cpuMs: (ticks * 1000) / ticksPerSecond }
  } catch {
    return null
  }
}

function kibibytes(status: string, field: string): number | null {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)
  return found === null ? null : Number(found[1]) * 1024
}
