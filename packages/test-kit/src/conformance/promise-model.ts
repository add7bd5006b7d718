import type { RunState, Transition } from '@sisy/core/internal'

/** One run as the promise sees it; times are milliseconds. */
export interface ModelRun {
  state: RunState
  attempt: number
  started: boolean
  cancelRequested: boolean
  /** The token whose holder may end the attempt. It stays when the holder ended it, since a reply may be lost. */
  token: string | null
  leaseUntil: number
  dueAt: number
  /** What it claims for itself while it is unfinished; no two unfinished runs have the same. */
  readonly key: string | null
}

/** A claim of one run. */
export interface ModelLease {
  readonly id: string
  readonly leaseToken: string
  /** The run's attempt when it was claimed. */
  readonly attempt: number
}

const unfinished: readonly RunState[] = ['due', 'scheduled', 'running']

/**
 * The promise in memory, as simple as can be: a run has one holder at most, only the holder's token writes, an attempt
 * counts when user code began, and nobody who must not wait touches a row that another transaction holds.
 */
export class PromiseModel {
  readonly runs = new Map<string, ModelRun>()
  /** Runs whose rows another transaction holds. */
  readonly held = new Set<string>()

  constructor(
    readonly maxAttempts: number,
    /** Runs left to be stamped of the one task, which allows no overlap. */
    public iterations: number,
  ) {}

  get(id: string): ModelRun {
    const run = this.runs.get(id)
    if (run === undefined) throw new Error(`run ${id} was never enqueued`)
    return run
  }

  /** Those in a state whose rows are free. */
  free(state: RunState): string[] {
    return [...this.runs].filter(([id, run]) => run.state === state && !this.held.has(id)).map(([id]) => id)
  }

  isActive(key: string | null): boolean {
    return (
      key !== null && [...this.runs.values()].some((run) => run.key === key && unfinished.includes(run.state))
    )
  }

  /** The key that a run holds at this moment. */
  activeKey({ key, state }: ModelRun): string | null {
    return unfinished.includes(state) ? key : null
  }

  /** @returns whether it was taken. */
  enqueue(id: string, key: string | null): boolean {
    if (this.isActive(key)) return false
    const fresh = { attempt: 0, started: false, cancelRequested: false, token: null, leaseUntil: 0, dueAt: 0 }
    this.runs.set(id, { state: 'due', key, ...fresh })
    return true
  }

  claim(id: string, token: string, leaseUntil: number): ModelLease {
    const run = this.get(id)
    const attempt = run.attempt + 1
    Object.assign(run, { state: 'running', attempt, started: false, token, leaseUntil })
    return { id, leaseToken: token, attempt }
  }

  holds({ id, leaseToken }: ModelLease): boolean {
    const run = this.get(id)
    return run.state === 'running' && run.token === leaseToken
  }

  /** A run that its holder ended as succeeded needs no lease any more. */
  isKnown(lease: ModelLease): boolean {
    const run = this.get(lease.id)
    return this.holds(lease) || (run.state === 'succeeded' && run.token === lease.leaseToken)
  }

  /**
   * What was to be tried again, and somebody asked to cancel meanwhile, is cancelled. What has ended stays as it is.
   *
   * @returns what `finishRuns` answers.
   */
  finish(
    { id, leaseToken }: ModelLease,
    ended: Pick<Transition, 'state' | 'attempt' | 'dueAt'>,
  ): RunState | 'held' | 'lost' {
    const run = this.get(id)
    if (run.token !== leaseToken) return 'lost'
    if (run.state !== 'running') return run.state
    if (this.held.has(id)) return 'held'
    Object.assign(run, {
      state: run.cancelRequested && ['due', 'scheduled'].includes(ended.state) ? 'cancelled' : ended.state,
      attempt: ended.attempt,
      dueAt: ended.dueAt?.getTime() ?? run.dueAt,
    })
    return run.state
  }

  /** @returns how many runs a release of a claim gives back. */
  release(token: string): number {
    const runs = this.free('running')
      .map((id) => this.get(id))
      .filter((run) => run.token === token)
    for (const run of runs)
      Object.assign(run, { state: 'due', attempt: run.attempt - 1, started: false, token: null })
    return runs.length
  }

  /** @returns what `cancelRun` answers. */
  cancel(id: string): 'cancelled' | 'requested' | 'ended' | 'missing' {
    const run = this.runs.get(id)
    if (run === undefined) return 'missing'
    if (run.state === 'running') {
      run.cancelRequested = true
      return 'requested'
    }
    if (run.state !== 'due' && run.state !== 'scheduled') return 'ended'
    Object.assign(run, { state: 'cancelled', token: null })
    return 'cancelled'
  }

  /** @returns why `retryRun` refuses, or that it does not. */
  retry(id: string): 'missing' | 'unfinished' | 'active' | 'due' {
    const run = this.runs.get(id)
    if (run === undefined) return 'missing'
    if (unfinished.includes(run.state)) return 'unfinished'
    if (this.isActive(run.key)) return 'active'
    Object.assign(run, { state: 'due', attempt: 0, started: false, cancelRequested: false, token: null })
    return 'due'
  }

  /** Takes back what is past its lease. @returns those runs. */
  rescue(now: number): string[] {
    const lost = this.free('running').filter((id) => this.get(id).leaseUntil < now)
    for (const run of lost.map((id) => this.get(id))) {
      run.token = null
      if (run.cancelRequested) run.state = 'cancelled'
      else if (!run.started) Object.assign(run, { state: 'due', attempt: run.attempt - 1 })
      else run.state = run.attempt >= this.maxAttempts ? 'failed' : 'due'
    }
    return lost
  }

  /** Makes due what waited for its time. @returns those runs. */
  promote(now: number): string[] {
    const ripe = this.free('scheduled').filter((id) => this.get(id).dueAt <= now)
    for (const id of ripe) this.get(id).state = 'due'
    return ripe
  }
}
