import { readdirSync, readFileSync } from 'node:fs'

/** A process of this machine, as Linux's `/proc` tells; see proc_pid_stat(5). */
export interface SeenProcess {
  readonly pid: number
  /** Name of its program, the first 15 characters. */
  readonly name: string
  /** Pid of its parent. */
  readonly parent: number
  /** `R` running, `S` sleeping, `Z` a zombie, … */
  readonly state: string
  /** CPU time so far, user and system, milliseconds; counted in steps of 10. */
  readonly cpuMs: number
  /** The same of those it started, and those they started, that have ended. */
  readonly endedChildrenCpuMs: number
}

/** All processes there are; empty where there is no `/proc`. */
export function listProcesses(): SeenProcess[] {
  return entriesOf('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []))
}

function readProcess(pid: number): SeenProcess | undefined {
  const stat = textOf(`/proc/${pid}/stat`)
  // The name in brackets may hold anything; the fields after it are numbered from 3.
  const nameEnd = stat.lastIndexOf(')')
  const [state, parent, ...fields] = stat.slice(nameEnd + 2).split(' ')
  // It may have ended since it was listed.
  if (state === undefined || parent === undefined) return undefined
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields
    .slice(9, 13)
    .map((ticks) => Number(ticks) * 10)
  return {
    pid,
    name: stat.slice(stat.indexOf('(') + 1, nameEnd),
    parent: Number(parent),
    state,
    cpuMs: user + system,
    endedChildrenCpuMs: endedUser + endedSystem,
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
