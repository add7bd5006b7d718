import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PlannedFault } from '../plan/plan-faults.js'
import { oneOf, randomStream } from '../plan/random.js'
import type { KeptProgram } from '../programs/keep-program.js'
import type { Stage } from '../stage/open-stage.js'
import type { Fault, Scene } from './fault.js'

/** A fault that was injected. Instants are epoch milliseconds. */
export interface Injection {
  readonly fault: Fault
  /** Label of the program that it struck; null when it was not one program. */
  readonly program: string | null
  /** The child process that it struck, or null. */
  readonly pid: number | null
  readonly at: number
  readonly until: number
}

export interface InjectOptions {
  readonly plan: readonly PlannedFault[]
  readonly faults: readonly Fault[]
  readonly signal: AbortSignal
  readonly onInjected: (injection: Injection) => void
}

/** Injects the faults of a plan at their times. What strikes the database goes one after another, the rest side by side. */
export async function injectFaults(
  stage: Stage,
  { plan, faults, signal, onInjected }: InjectOptions,
): Promise<Injection[]> {
  const begin = performance.now()
  const struck = new Set<KeptProgram>()
  const injections: Promise<Injection>[] = []
  let database: Promise<unknown> = Promise.resolve()

  async function strike(fault: Fault, seed: number): Promise<Injection> {
    const random = randomStream(seed, fault.name)
    let chosen: { readonly program: KeptProgram; readonly label: string } | undefined
    const choose: Scene['choose'] = (accept) => {
      const accepted = stage.programs.filter(accept)
      const free = accepted.filter((program) => !struck.has(program))
      const program = oneOf(random, free.length > 0 ? free : accepted)
      chosen = { program, label: program.label() }
      struck.add(program)
      return program
    }
    const begunAt = Date.now()
    const { pid = null, at = begunAt, end } = await fault.inject({ stage, random, choose })
    await sleep(fault.lastsMs)
    await end()
    if (chosen !== undefined) struck.delete(chosen.program)
    const program = fault.reach === 'database' ? null : (chosen?.label ?? null)
    const injection = { fault, program, pid, at, until: Date.now() }
    onInjected(injection)
    return injection
  }

  for (const { atMs, fault: name, seed } of plan) {
    await sleep(Math.max(0, begin + atMs - performance.now()), undefined, { signal }).catch(() => {})
    if (signal.aborted) break
    const fault = faults.find((one) => one.name === name)
    if (fault === undefined) throw new Error(`There is no fault '${name}'.`)
    const injection =
      fault.reach === 'database' ? database.then(() => strike(fault, seed)) : strike(fault, seed)
    injections.push(injection)
    if (fault.reach === 'database') database = injection
  }
  return Promise.all(injections)
}
