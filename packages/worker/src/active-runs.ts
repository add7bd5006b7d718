import type { ActiveRun } from './active-run.js'

/** The runs a worker holds, for those who only look. */
export interface HeldRuns extends Iterable<ActiveRun> {
  readonly size: number
  has(run: ActiveRun): boolean
}

/**
 * The runs a worker holds, from their claim until their end is written. A list of which each run knows its place: a `Set`
 * that changes thousands of times a second leaves tables behind that keep all that was ever in them for the collector of
 * young objects, which then takes as long as all else the worker does.
 */
export class ActiveRuns implements HeldRuns {
  readonly #runs: ActiveRun[] = []

  get size(): number {
    return this.#runs.length
  }

  has(run: ActiveRun): boolean {
    return this.#runs[run.place] === run
  }

  add(run: ActiveRun): void {
    run.place = this.#runs.push(run) - 1
  }

  delete(run: ActiveRun): void {
    if (!this.has(run)) return
    const last = this.#runs.pop()
    if (last === undefined || last === run) return
    this.#runs[run.place] = last
    last.place = run.place
  }

  /** Goes through those there are now, whatever becomes of them meanwhile. */
  [Symbol.iterator](): Iterator<ActiveRun> {
    return [...this.#runs].values()
  }
}
