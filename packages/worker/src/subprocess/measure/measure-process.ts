import { measureByPidusage } from './measure-by-pidusage.js'
import { measureByProc } from './measure-by-proc.js'
import type { Measurement } from './measurement.js'

/** @returns null for a process that has ended. */
export function measureProcess(pid: number): Promise<Measurement | null> {
  return process.platform === 'linux' ? measureByProc(pid) : measureByPidusage(pid)
}
