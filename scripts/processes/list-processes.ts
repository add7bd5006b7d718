import { readdirSync, readFileSync } from 'node:fs'

/** A process of this machine, as Linux's `/proc` tells; see proc_pid_stat(5). */
export interface SeenProcess {
  readonly pid: number
  /** Pid of its parent. */
  readonly parent: number
  /** `R` running, `S` sleeping, `Z` a zombie, … */
  readonly state: string
  /** CPU time so far, user and system, milliseconds; counted in steps of 10. */
  readonly cpuMs: number
}

/** All processes there are; empty where there is no `/proc`. */
export function listProcesses(): SeenProcess[] {
  return entriesOf('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []))
}

function readProcess(pid: number): SeenProcess | undefined {
  const stat = textOf(`/proc/${pid}/stat`)
  // The name in brackets may hold anything; the fields after it are numbered from 3.
  const [state, parent, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // It may have ended since it was listed.
  if (state === undefined || parent === undefined) return undefined
  return { pid, parent: Number(parent), state, cpuMs: (Number(fields[9]) + Number(fields[10])) * 10 }
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
