import { readFileSync } from 'node:fs'
import process from 'node:process'
import { listProcesses } from '../processes/list-processes.js'
import { findingOf, type Finding } from './finding.js'

export interface LeftOptions {
  /** `NAME=value` that the programs and all they started have in their environment. */
  readonly marker: string
  /** Pids of the programs, which have ended. */
  readonly parents: readonly number[]
  /** Children that stayed zombies while the programs ran. Default: nobody looked. */
  readonly zombies?: ReadonlySet<number>
}

/** Whether the programs have left no process behind, alive or dead. */
export function nothingLeft({ marker, parents, zombies = new Set() }: LeftOptions): Finding {
  if (process.platform !== 'linux')
    return { verdict: 'unknown', text: 'Processes left: not known on this system' }
  const family = new Set([process.pid, ...parents])
  const left = listProcesses().flatMap(({ pid, parent, state }) => {
    if (environmentOf(pid).includes(marker)) return [`process ${pid} is left, a child of ${parent}`]
    return state === 'Z' && family.has(parent) ? [`process ${pid} is a zombie of ${parent}`] : []
  })
  const unburied = [...zombies].map((pid) => `process ${pid} was a zombie for 10 s`)
  return findingOf('No process is left, and none was a zombie for long', [...left, ...unburied])
}

/** Empty for a zombie, a process of another account, or one that is gone. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}
