import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { listProcesses } from '../processes/list-processes.js'
import type { Program } from '../endurance/start-program.js'

/** Resident memory of one program at a moment. */
export interface MemorySample {
  /** Since the watch began, minutes. */
  readonly minute: number
  readonly megabytes: number
}

/** What is seen of the workers from outside while they work. */
export interface Watch {
  readonly samples: ReadonlyMap<Program, readonly MemorySample[]>
  /** Children of the workers that had ended and whom nobody had taken off the process table 10 seconds later. */
  readonly zombies: ReadonlySet<number>
  /** Looks once. @returns the children of all workers that are alive, and the last sample of each worker. */
  look(): { readonly children: number; readonly megabytes: readonly number[] }
}

export function watchPrograms(programs: readonly Program[]): Watch {
  const start = performance.now()
  const samples = new Map(programs.map((program) => [program, [] as MemorySample[]]))
  const zombies = new Set<number>()
  let suspects = new Set<number>()
  return {
    samples,
    zombies,
    look: () => {
      const minute = (performance.now() - start) / 60_000
      const children = listProcesses().filter(({ parent }) => programs.some(({ pid }) => pid === parent))
      const dead = children.filter(({ state }) => state === 'Z').map(({ pid }) => pid)
      for (const pid of dead) if (suspects.has(pid)) zombies.add(pid)
      suspects = new Set(dead)
      const megabytes = programs.map(({ pid }) => residentMegabytes(pid))
      programs.forEach((program, index) => {
        const now = megabytes[index]
        if (now !== undefined && now > 0) samples.get(program)?.push({ minute, megabytes: now })
      })
      return { children: children.length - dead.length, megabytes }
    },
  }
}

/** 0 for a process that has ended, or where there is no `/proc`. */
function residentMegabytes(pid: number): number {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(found?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
