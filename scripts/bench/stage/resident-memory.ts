import { readFileSync } from 'node:fs'

/** Resident memory of a process now and at most so far, megabytes; null where the system does not tell. */
export function residentMemory(pid: number): { readonly now: number; readonly peak: number } | null {
  const status = statusOf(pid)
  const megabytes = (field: string): number => {
    const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status) ?? []
    return Number(kilobytes ?? NaN) / 1024
  }
  return status === '' ? null : { now: megabytes('VmRSS'), peak: megabytes('VmHWM') }
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8')
  } catch {
    return ''
  }
}
