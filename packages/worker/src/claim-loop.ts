import {
  createLoop,
  createRescuePause,
  isDoubtful,
  isPast,
  rescueLostRuns,
  type Claim,
  type ClaimRequest,
  type DatabaseClock,
  type LookAhead,
  type Loop,
  type RescuedRun,
  type Store,
} from '@sisy/core/internal'

export interface ClaimLoopOptions {
  readonly store: Store
  readonly clock: DatabaseClock
  readonly workerId: string
  /** Paths this worker can run. */
  readonly callables: readonly string[]
  /** Queues to claim from; undefined means all. */
  readonly queues: readonly string[] | undefined
  readonly leaseMs: number
  /** How long it goes at most without a look, milliseconds. */
  readonly pollMs: () => number
  readonly newToken: () => string
  /** How many runs of a queue are wanted at this moment. */
  readonly wanted: (queue: string) => number
  /** The tasks of the runs that are held at this moment. */
  readonly heldTasks: () => ReadonlySet<string>
  /** Takes over what was claimed from a queue. */
  readonly take: (claim: TakenClaim) => void
  /** The clock was measured, and moved by so much, milliseconds. */
  readonly onMeasured: (movedMs: number) => void
  readonly onRescued: (runs: readonly RescuedRun[]) => void
  /** Callables of due runs that this worker does not know. */
  readonly onUnknownCallables: (callables: readonly string[]) => void
  readonly onTrouble: (error: unknown) => void
  readonly onRecovery: () => void
  readonly random: () => number
}

/** A claim, for whom takes it over. */
export interface TakenClaim extends Pick<Claim, 'runs' | 'tasks'> {
  readonly leaseToken: string
  /** `monotonic()` before the claim was sent. */
  readonly askedAt: number
  /** The tasks of the runs that were held then. */
  readonly heldTasks: ReadonlySet<string>
}

export interface ClaimLoop extends Loop {
  /** Runs became due in a queue; undefined means that some may have, anywhere. */
  hint(queue: string | undefined): void
  /** A run was scheduled for an instant; it is looked for then, without waiting for the next poll. */
  expect(dueAt: Date): void
  /** More runs may be wanted than before. */
  roomMade(): void
  /** Gives back once more what it may have claimed without knowing. */
  releaseOrphans(): Promise<void>
  /** Looks and claims once. @returns whether anything was claimed, promoted or rescued. */
  once(): Promise<boolean>
}

/** How many `scheduled` runs one statement promotes. */
const promoteBatch = 1_000
/** What could not be promoted or rescued, since another transaction holds it, is looked at again after this, ms. */
const heldPauseMs = 1_000
/** How often a claim with an unknown outcome is released, milliseconds. */
const orphanPauseMs = 1_000

/** Claims due runs whenever some are wanted; between times looks what is coming, promotes and rescues. */
export function createClaimLoop(options: ClaimLoopOptions): ClaimLoop {
  const { store, clock, queues, leaseMs, pollMs, wanted } = options
  /** Queues that may hold due runs. */
  const pending = new Set<string>()
  /**
   * Tokens of claims whose reply was lost, and `monotonic()` when their leases are over. Until then a claim may still be
   * under way in the database, after a release that found nothing.
   */
  const orphaned = new Map<string, number>()
  const rescuePause = createRescuePause(clock, leaseMs)
  let nextReleaseAt = -Infinity
  let nextLookAt = -Infinity
  /** Something happened that only a look can tell. */
  let mustLook = false
  let stopped = false

  const serves = (queue: string): boolean => queues === undefined || queues.includes(queue)

  async function look(): Promise<boolean> {
    mustLook = false
    const askedAt = clock.monotonic()
    let ahead = await store.lookAhead()
    measure(ahead.now, askedAt)
    const now = clock.now()
    const promoted = isPast(ahead.nextScheduled, now) ? await store.promoteRuns(now, promoteBatch) : 0
    const mayRescue = rescuePause.isOver && isPast(ahead.nextLeaseEnd, now)
    const rescued = mayRescue ? await rescueLostRuns(store, clock) : []
    if (rescued.length > 0) options.onRescued(rescued)
    if (promoted > 0 || rescued.length > 0) ahead = await store.lookAhead()
    for (const queue of ahead.dueQueues) if (serves(queue)) pending.add(queue)
    const changed = promoted > 0 || rescued.length > 0
    const msUntilNext = msUntil(ahead)
    nextLookAt =
      clock.monotonic() + Math.min(pollMs(), msUntilNext > 0 || changed ? msUntilNext : heldPauseMs)
    return changed
  }

  function measure(databaseNow: Date, askedAt: number): void {
    const movedMs = clock.measure(databaseNow, askedAt)
    rescuePause.measured(movedMs)
    options.onMeasured(movedMs)
  }

  /** Milliseconds until the nearest run is to be promoted or rescued; negative when that moment is past. */
  function msUntil({ nextScheduled, nextLeaseEnd }: LookAhead): number {
    const nearest = Math.min(nextScheduled?.getTime() ?? Infinity, nextLeaseEnd?.getTime() ?? Infinity)
    return nearest - clock.now().getTime()
  }

  async function claim(queue: string, limit: number): Promise<number> {
    const leaseToken = options.newToken()
    const askedAt = clock.monotonic()
    orphaned.set(leaseToken, askedAt + leaseMs)
    // Before it asks, so that a hint during the claim counts; a full claim puts the queue last, so that none starves.
    pending.delete(queue)
    const { workerId, callables } = options
    const request = { queue, callables, limit, leaseToken, leaseMs, workerId }
    const sentMs = clock.now().getTime()
    const heldTasks = options.heldTasks()
    const { now, runs, tasks, more } = await claimOrKeep(request, sentMs)
    measure(now, askedAt)
    if (more) pending.add(queue)
    // Its token stays with those that are released at the end.
    if (stopped) return 0
    // A lease that was asked for by a clock that is behind ends so much earlier.
    const behindMs = Math.max(0, clock.now().getTime() - sentMs - (clock.monotonic() - askedAt))
    if (runs.length > 0) options.take({ runs, tasks, leaseToken, askedAt: askedAt - behindMs, heldTasks })
    orphaned.delete(leaseToken)
    return runs.length
  }

  /** A queue whose claim failed is still to be seen to. */
  async function claimOrKeep(request: ClaimRequest, sentMs: number): Promise<Claim> {
    try {
      return await store.claimRuns(new Date(sentMs), request)
    } catch (error) {
      pending.add(request.queue)
      throw error
    }
  }

  async function releaseOrphans(): Promise<void> {
    nextReleaseAt = clock.monotonic() + orphanPauseMs
    for (const [token, overAt] of orphaned) {
      if ((await store.releaseClaim(token)) > 0) mustLook = true
      if (clock.monotonic() >= overAt) orphaned.delete(token)
    }
  }

  async function fill(): Promise<boolean> {
    let claimed = 0
    const barren: string[] = []
    for (const queue of [...pending]) {
      if (stopped) break
      const limit = wanted(queue)
      if (limit === 0) continue
      const count = await claim(queue, limit)
      if (count === 0) barren.push(queue)
      claimed += count
    }
    if (barren.length > 0) await reportUnknown(barren)
    return claimed > 0
  }

  async function reportUnknown(barren: readonly string[]): Promise<void> {
    const unknown = await store.listUnknownCallables(barren, options.callables)
    if (unknown.length > 0) options.onUnknownCallables(unknown)
  }

  async function once(): Promise<boolean> {
    if (orphaned.size > 0 && clock.monotonic() >= nextReleaseAt) await releaseOrphans()
    // The lease of a claim by a clock that stood still while the machine slept would end in the past.
    const mustMeasure = isDoubtful(clock)
    const changed = mustLook || mustMeasure || clock.monotonic() >= nextLookAt ? await look() : false
    const claimed = await fill()
    return changed || claimed
  }

  function canClaim(): boolean {
    for (const queue of pending) if (wanted(queue) > 0) return true
    return false
  }

  const loop = createLoop({
    clock,
    turn: async () => {
      await once()
      if (canClaim()) return 0
      const nextAt = orphaned.size === 0 ? nextLookAt : Math.min(nextLookAt, nextReleaseAt)
      return Math.max(0, nextAt - clock.monotonic())
    },
    onTrouble: options.onTrouble,
    onRecovery: options.onRecovery,
    random: options.random,
  })

  return {
    ...loop,
    hint: (queue) => {
      if (queue === undefined) mustLook = true
      else if (serves(queue)) pending.add(queue)
      else return
      loop.wake()
    },
    expect: (dueAt) => {
      const lookAt = clock.monotonic() + dueAt.getTime() - clock.now().getTime()
      if (lookAt >= nextLookAt) return
      nextLookAt = lookAt
      loop.wake()
    },
    stop: () => {
      stopped = true
      return loop.stop()
    },
    roomMade: () => {
      if (canClaim()) loop.wake()
    },
    releaseOrphans,
    once: () => {
      mustLook = true
      return once()
    },
  }
}
