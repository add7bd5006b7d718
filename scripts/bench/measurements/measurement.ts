import type { Contender } from '../contenders/contender.js'
import type { Result } from '../report/result.js'
import type { BenchServer } from '../stage/open-server.js'

/** One thing that is measured: `pnpm bench <name>`. */
export interface Measurement {
  readonly name: string
  /** What it tells, for the list of all. */
  readonly about: string
  readonly run: (context: BenchContext) => Promise<Result[]>
}

/** What a measurement is done with. */
export interface BenchContext {
  readonly server: BenchServer
  /** `quick`: small, only to show that it runs. */
  readonly size: 'quick' | 'full' | 'large'
  /** How often each is measured; the median counts. */
  readonly rounds: number
  /** Jobs to drain. */
  readonly jobs: number
  /** After so long a drain has been seen enough, milliseconds. */
  readonly mostMs: number
  /** Takes out those that are not wanted or not installed. */
  readonly wanted: (contenders: readonly Contender[]) => readonly Contender[]
}
