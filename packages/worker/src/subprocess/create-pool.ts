import { createChildren } from './children.js'
import { holdRun, reportOf, type HeldRun } from './held-run.js'
import { PoolFullError, PoolStoppedError, type PoolStartError } from './pool-errors.js'
import { createPoolEmitter, type PoolEmitter } from './pool-events.js'
import { fillPoolOptions, type PoolOptions } from './pool-options.js'
import type { EndedRun, PoolOutcome } from './pool-outcome.js'
import { valueOf, type PoolRun, type RunOptions } from './pool-run.js'
import { toWire } from './channel/wire-value.js'

/** Runs a module's function in monitored child processes: what one run does to its process, no other run notices. */
export interface Pool<In, Out> extends AsyncDisposable {
  /**
   * Starts the children; `run()` does so too.
   *
   * @throws PoolStartError when none ever gets ready; PoolStoppedError when the pool is stopped before.
   */
  start(): Promise<void>
  /**
   * Runs the module's function in a child.
   *
   * @returns what it returned.
   * @throws what it threw; PoolTimeoutError, PoolMemoryError, PoolCrashError or PoolEvictedError for how else it can
   * end; the signal's reason; PoolFullError, PoolStoppedError, or a DataCloneError for a value that cannot be sent.
   */
  run(value: In, options?: RunOptions): Promise<Out>
  /** Like `run`, for whoever wants to know how it ended and what it took, or to abort it. Throws what `run` rejects with before the run is taken. */
  begin(value: In, options?: RunOptions): PoolRun<Out>
  /**
   * Resolves when another run can be given without exceeding `maxQueued`, or never will be. For one producer at a time:
   * it reserves nothing. Starts the children.
   */
  room(): Promise<void>
  /** How many more runs could begin at once. */
  readonly free: number
  /** How many more runs it would send on at once: those that could begin, and quick ones sent ahead to busy children. */
  readonly sendable: number
  /** How many runs the children that are ready can have. */
  readonly capacity: number
  /** Listens to what happens. @returns stops listening. */
  readonly on: PoolEmitter['on']
  /** Takes nothing new, waits for the runs it has, then ends the children in order. Safe unstarted and twice. */
  stop(): Promise<void>
  /** Ends everything at once; also while `stop()` waits. */
  stopNow(): Promise<void>
}

/** A run that was sent this often to a child that died before it began is what kills them. */
const mostMisses = 3

/** @throws PoolOptionError for an option that is not accepted. Starts nothing. */
export function createPool<In = unknown, Out = unknown>(given: PoolOptions): Pool<In, Out> {
  const options = fillPoolOptions(given)
  const { clock, maxQueued } = options
  const events = createPoolEmitter()
  const queue: HeldRun[] = []
  const settlers = new Map<HeldRun, (ended: EndedRun<unknown>) => void>()
  let roomWaiters: (() => void)[] = []
  let idleWaiters: (() => void)[] = []
  let nextNumber = 1
  let stopping: Promise<void> | undefined
  let failure: PoolStartError | undefined

  const children = createChildren({
    options,
    events,
    random: Math.random,
    onRun: (run, ended) => {
      settle(run, ended)
      dispatch()
    },
    onMissed: (run, blamed) => {
      run.misses += 1
      if (run.misses >= mostMisses) settle(run, blamed)
      else queue.unshift(run)
      dispatch()
    },
    onGivenBack: (given) => {
      const [aborted, wanted] = [given.filter(isAborted), given.filter((run) => !isAborted(run))]
      for (const run of aborted) settle(run, notBegun(run, { kind: 'aborted', reason: run.aborted?.reason }))
      queue.unshift(...wanted)
      dispatch()
    },
    onFree: dispatch,
    onFailed: (error) => {
      failure = error
      roomWaiters = wakeAll(roomWaiters)
      for (const run of queue.splice(0)) settle(run, notBegun(run, { kind: 'error', thrown: error }))
      events.emit('failed', error)
    },
  })

  function dispatch(): void {
    while (queue.length > 0) {
      dropOverdue()
      const child = children.freest()
      if (child === undefined) {
        sendAhead()
        return
      }
      const run = queue.shift()
      if (run !== undefined) child.begin(run)
    }
    roomWaiters = wakeAll(roomWaiters)
    if (children.free > 0) events.emit('free')
  }

  /** Whether a run waited so long that its process would have to end at once. */
  function isOverdue({ liveUntil }: HeldRun): boolean {
    return liveUntil !== null && liveUntil <= clock.monotonic()
  }

  /** Drops those at the head of the queue. */
  function dropOverdue(): void {
    for (let [run] = queue; run !== undefined && isOverdue(run); [run] = queue)
      takeBack(run, { kind: 'evicted' })
  }

  /** All children are busy: those whose runs are quick need not wait for the next one. */
  function sendAhead(): void {
    while (queue.length > 0) {
      dropOverdue()
      const child = children.withRoomAhead()
      if (child === undefined) return
      const given = queue.slice(0, child.roomAhead)
      const overdue = given.findIndex(isOverdue)
      child.sendAhead(queue.splice(0, overdue < 0 ? given.length : overdue))
    }
  }

  function settle(run: HeldRun, ended: EndedRun<unknown>): void {
    settlers.get(run)?.(ended)
    settlers.delete(run)
    if (settlers.size === 0) idleWaiters = wakeAll(idleWaiters)
    roomWaiters = wakeAll(roomWaiters)
    events.emit('outcome', ended)
  }

  function notBegun(run: HeldRun, outcome: PoolOutcome<never>): EndedRun<never> {
    const report = reportOf(run, { now: clock.monotonic(), blockedMs: 0, before: null })
    return { ...report, ...outcome, slot: null }
  }

  /** @returns whether the run still waited for a child. */
  function takeBack(run: HeldRun, outcome: PoolOutcome<never>): boolean {
    const place = queue.indexOf(run)
    if (place < 0) return false
    queue.splice(place, 1)
    settle(run, notBegun(run, outcome))
    return true
  }

  function end(run: HeldRun, reason: unknown, how: 'abort' | 'kill'): void {
    if (takeBack(run, { kind: 'aborted', reason })) return
    const child = children.holderOf(run)
    child?.abort(run, reason)
    if (how === 'kill') child?.kill('overrun')
  }

  function hasRoom(): boolean {
    return queue.length < maxQueued || children.free > queue.length
  }

  function begin(value: In, runOptions: RunOptions = {}): PoolRun<Out> {
    const { name, timeoutMs, onTimeout, liveUntil, signal } = runOptions
    if (stopping !== undefined) throw new PoolStoppedError()
    if (failure !== undefined) throw failure
    if (!hasRoom()) throw new PoolFullError(maxQueued)
    const number = nextNumber++
    const run = holdRun({
      number,
      name: name ?? `run ${number}`,
      value: toWire(value),
      timeoutMs: timeoutMs === undefined ? options.timeoutMs : timeoutMs,
      onTimeout: onTimeout ?? null,
      arrivedAt: clock.monotonic(),
      liveUntil: liveUntil ?? null,
    })
    const ended = new Promise<EndedRun<unknown>>((resolve) => settlers.set(run, resolve))
    const abort = (reason: unknown): void => end(run, reason, 'abort')
    const onAbort = (): void => abort(signal?.reason)
    queue.push(run)
    if (signal?.aborted === true) onAbort()
    else if (signal !== undefined) {
      signal.addEventListener('abort', onAbort, { once: true })
      void ended.then(() => signal.removeEventListener('abort', onAbort))
    }
    children.start()
    dispatch()
    return {
      // The module's function is not known to the compiler: what it returns is what the caller says it does.
      ended: ended as Promise<EndedRun<Out>>,
      abort,
      kill: (reason) => end(run, reason, 'kill'),
      liveUntil: (moment) => {
        run.liveUntil = moment
        children.holderOf(run)?.updateLifetime()
      },
      withdraw: () => {
        if (run.misses === 0) takeBack(run, { kind: 'evicted' })
      },
    }
  }

  /** Resolves when no run is left. */
  async function idle(): Promise<void> {
    while (settlers.size > 0) await new Promise<void>((resolve) => idleWaiters.push(resolve))
  }

  async function stop(): Promise<void> {
    roomWaiters = wakeAll(roomWaiters)
    await idle()
    await children.stop()
  }

  async function stopNow(): Promise<void> {
    roomWaiters = wakeAll(roomWaiters)
    for (const run of [...settlers.keys()]) end(run, new PoolStoppedError(), 'abort')
    await children.stopNow()
  }

  const pool: Pool<In, Out> = {
    start: () => {
      children.start()
      return children.ready
    },
    run: async (value, runOptions) => valueOf(await begin(value, runOptions).ended),
    begin,
    room: async () => {
      children.start()
      while (!hasRoom() && stopping === undefined && failure === undefined)
        await new Promise<void>((resolve) => roomWaiters.push(resolve))
    },
    get free() {
      return Math.max(0, children.free - queue.length)
    },
    get sendable() {
      return Math.max(0, children.free + children.roomAhead - queue.length)
    },
    get capacity() {
      return children.capacity
    },
    on: events.on,
    stop: () => (stopping ??= stop()),
    stopNow: async () => {
      const ended = stopNow()
      stopping ??= ended
      await ended
    },
    [Symbol.asyncDispose]: () => pool.stop(),
  }
  return pool
}

function isAborted({ aborted }: HeldRun): boolean {
  return aborted !== null
}

/** @returns those that wait now: none. */
function wakeAll(waiters: (() => void)[]): (() => void)[] {
  if (waiters.length === 0) return waiters
  for (const wake of waiters) wake()
  return []
}
