import type { Random } from '../plan/random.js'
import type { KeptProgram } from '../programs/keep-program.js'
import type { Stage } from '../stage/open-stage.js'

/** Whom a fault strikes: one program of a kind, one child process, the pooler and who goes through it, or everybody. */
export type Reach = 'worker' | 'child' | 'heartbeat' | 'network' | 'pooler' | 'database'

/** How it is told that the trouble is over: what must happen again, and where. */
export type Recovery =
  /** The runs it held are started again, by whomever; counted from the injection. */
  | { readonly by: 'same runs'; readonly limitMs: number }
  /** Some run is started by whomever; counted from the end of the fault. */
  | { readonly by: 'any run'; readonly limitMs: number | null }
  /** The program that was struck starts a run, or for a heartbeat stamps one; counted from the end of the fault. */
  | { readonly by: 'same program'; readonly limitMs: number | null }

/** One kind of trouble. */
export interface Fault {
  readonly name: string
  readonly reach: Reach
  readonly recovery: Recovery
  /** Whether it takes the lease, or the answer, of what is running, so that attempts may end as lost or in errors. */
  readonly harm: 'loses leases' | 'none'
  /** How long it lasts, milliseconds. */
  readonly lastsMs: number
  /** Lets the trouble begin. */
  inject(scene: Scene): Promise<Injected>
}

/** What a fault has to work with. */
export interface Scene {
  readonly stage: Stage
  readonly random: Random
  /** The one program to strike: one that no other fault strikes at the moment, if there is any. */
  readonly choose: (accept: (program: KeptProgram) => boolean) => KeptProgram
}

/** A trouble that has begun. */
export interface Injected {
  /** The child process that is struck. */
  readonly pid?: number
  /** When it was struck, epoch milliseconds; absent when it was at once. */
  readonly at?: number
  /** Ends it. Resolves when all is there again that it had taken away. */
  readonly end: () => Promise<void>
}

export const instantly = { lastsMs: 0 } as const
export const nothingToEnd = async (): Promise<void> => {}
