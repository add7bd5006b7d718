import type { RunState } from '@sisy/core/internal'

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
}

/** A claim of one run. */
export interface ModelLease {
  readonly id: string
  readonly leaseToken: string
  /** The run's attempt when it was claimed. */
  readonly attempt: number
}

/**
 * The promise in memory, as simple as can be: a run has one holder at most, only the holder's token writes, and an
 * attempt counts when user code began.
 */
export class PromiseModel {
  readonly runs = new Map<string, ModelRun>()

  constructor(readonly maxAttempts: number) {}

  get(id: string): ModelRun {
    const run = this.runs.get(id)
    if (run === undefined) throw new Error(`run ${id} was never enqueued`)
    return run
  }

  ids(state: RunState): string[] {
    return [...this.runs].filter(([, run]) => run.state === state).map(([id]) => id)
  }

  enqueue(id: string): void {
    const fresh = { attempt: 0, started: false, cancelRequested: false, token: null, leaseUntil: 0, dueAt: 0 }
    this.runs.set(id, { state: 'due', ...fresh })
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

  /**
   * What was to be tried again, and somebody asked to cancel meanwhile, is cancelled.
   *
   * @returns whether the end is taken: by the holder, also a second time.
   */
  finish(
    { id, leaseToken }: ModelLease,
    ended: Pick<ModelRun, 'state' | 'attempt'> & { dueAt: Date | null },
  ): boolean {
    const run = this.get(id)
    if (run.token !== leaseToken) return false
    Object.assign(run, {
      state: run.cancelRequested && ['due', 'scheduled'].includes(ended.state) ? 'cancelled' : ended.state,
      attempt: ended.attempt,
      dueAt: ended.dueAt?.getTime() ?? run.dueAt,
    })
    return true
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

  /** Takes back what is past its lease. @returns those runs. */
  rescue(now: number): string[] {
    const lost = this.ids('running').filter((id) => this.get(id).leaseUntil < now)
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
    const ripe = this.ids('scheduled').filter((id) => this.get(id).dueAt <= now)
    for (const id of ripe) this.get(id).state = 'due'
    return ripe
  }
}
