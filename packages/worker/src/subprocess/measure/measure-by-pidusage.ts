import type { Measurement } from './measurement.js'

/** Asks the system by pidusage, which knows macOS and Windows. Loaded only there. */
export async function measureByPidusage(pid: number): Promise<Measurement | null> {
  const { default: pidusage } = await import('pidusage')
  try {
    const { memory, ctime } = await pidusage(pid)
    return { residentBytes: memory, peakBytes: null, cpuMs: ctime }
  } catch {
    return null
  }
}
