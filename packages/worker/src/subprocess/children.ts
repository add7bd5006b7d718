import type { Child } from './child/child.js'
import { createDeferred } from './deferred.js'
import type { HeldRun } from './held-run.js'
import { listen } from './listen.js'
import { PoolStartError, PoolStoppedError } from './pool-errors.js'
import type { ChildInfo, PoolEmitter } from './pool-events.js'
import type { FilledPoolOptions } from './pool-options.js'
import type { ChildEnd } from './child/outcome-of-exit.js'
import type { EndedRun } from './pool-outcome.js'
import { createSharedSink } from './output/shared-sink.js'
import { createRestartPace } from './restart-pace.js'
import { startChild } from './child/start-child.js'
import { watchChildren } from './watch-children.js'
import { toWire } from './channel/wire-value.js'

/** The pool's children: as many as wanted, each replaced when it goes. */
export interface Children {
  /** Resolves when the first is ready. @throws PoolStartError when none ever gets ready; PoolStoppedError. */
  readonly ready: Promise<void>
  /** Starts them, once. */
  start(): void
  /** The one with the most room; undefined when none has any. */
  freest(): Child | undefined
  /** One that may be sent quick runs ahead, though it is busy. */
  withRoomAhead(): Child | undefined
  /** How many runs may be sent ahead to busy ones. */
  readonly roomAhead: number
  holderOf(run: HeldRun): Child | undefined
  /** How many runs they could begin now. */
  readonly free: number
  /** How many runs those that are ready can have. */
  readonly capacity: number
  /** Ends them: in order when their runs are over, or at once. Resolves when all have ended. */
  stop(): Promise<void>
  stopNow(): Promise<void>
}

export interface ChildrenOptions {
  readonly options: FilledPoolOptions
  readonly events: PoolEmitter
  readonly random: () => number
  readonly onRun: (run: HeldRun, ended: EndedRun<unknown>) => void
  /** Its child ended before it began; `blamed` is how it ended if it is what ended the child. */
  readonly onMissed: (run: HeldRun, blamed: EndedRun<unknown>) => void
  /** Runs that were sent ahead were not begun, in order. */
  readonly onGivenBack: (runs: readonly HeldRun[]) => void
  readonly onFree: () => void
  /** No child ever got ready. */
  readonly onFailed: (error: PoolStartError) => void
}

/** After so many attempts in a row without one child ready it is given up. */
const mostStartAttempts = 3
/** A child that has lasted so long has proved itself, though it ran nothing, milliseconds. */
const provedAfterMs = 10_000

export function createChildren(given: ChildrenOptions): Children {
  const { options, events, onRun, onMissed, onGivenBack, onFree, onFailed } = given
  const { clock, processes, recycleMemory } = options
  const data = toWire(options.data)
  const sinks =
    options.output === null
      ? null
      : {
          stdout: createSharedSink(options.output.stdout),
          stderr: createSharedSink(options.output.stderr),
        }
  const pace = createRestartPace(given.random)
  /** Those that have not ended, with when they got ready. */
  const alive = new Map<Child, number | null>()
  /** The same in a list, which is walked for every run. */
  let list: readonly Child[] = []
  const started = createDeferred()
  let phase: 'new' | 'running' | 'stopping' = 'new'
  let everReady = false
  let toldTight = false
  let watch: Disposable | undefined
  let stopListening: (() => void) | undefined
  let cancelRefill: (() => void) | undefined
  const ended = createDeferred()

  const inService = (): Child[] =>
    [...alive.keys()].filter(({ state }) => state === 'starting' || state === 'ready')

  /** Starts what is missing, as far as the pace allows. */
  function refill(): void {
    if (phase !== 'running') return
    cancelRefill?.()
    cancelRefill = undefined
    const serving = inService()
    const starting = serving.filter(({ state }) => state === 'starting').length
    // Retired children may linger with their last runs; those that wait for them must not pile up processes.
    const missing = Math.min(processes - serving.length, 2 * processes - alive.size)
    const now = clock.monotonic()
    // Until one has been ready, one at a time: a module that cannot be loaded is to be told of once.
    const wanted = everReady ? missing : Math.min(missing, 1 - starting)
    const allowed = pace.allowed(now, wanted, starting)
    for (let count = 0; count < allowed; count += 1) start(freeSlot())
    if (allowed < wanted && pace.notBefore !== null && pace.notBefore > now)
      cancelRefill = clock.after(pace.notBefore - now, refill)
  }

  function freeSlot(): number {
    // A retired child keeps its own to its end.
    const taken = new Set(list.map(({ slot }) => slot))
    let slot = 0
    while (taken.has(slot)) slot += 1
    return slot
  }

  function start(slot: number): void {
    const child = startChild({
      slot,
      options,
      data,
      sinks,
      on: {
        ready: (ready) => {
          everReady = true
          alive.set(ready, clock.monotonic())
          events.emit('ready', infoOf(ready))
          started.resolve()
          refill()
          onFree()
        },
        run: (run, endedRun) => {
          prove()
          onRun(run, endedRun)
        },
        missed: onMissed,
        givenBack: onGivenBack,
        retired: refill,
        ended: settleEnd,
        blocked: (blocked, ms, runs) => {
          events.emit('blocked', { ...infoOf(blocked), ms, runs })
        },
        unblocked: (unblocked, ms, runs) => {
          events.emit('unblocked', { ...infoOf(unblocked), ms, runs })
          onFree()
        },
        tight: (tight, residentBytes) => {
          if (toldTight) return
          toldTight = true
          events.emit('tight', { ...infoOf(tight), residentBytes, recycleMemory: recycleMemory ?? 0 })
        },
      },
    })
    alive.set(child, null)
    list = [...alive.keys()]
  }

  function prove(): void {
    if (pace.failures === 0) return
    pace.proved()
    refill()
  }

  function settleEnd(child: Child, end: ChildEnd, runs: readonly string[]): void {
    const now = clock.monotonic()
    const readyAt = alive.get(child) ?? null
    alive.delete(child)
    list = [...alive.keys()]
    const { cause, exitCode, signal } = end
    const error = end.error ?? end.uncaught?.thrown
    events.emit('ended', {
      ...infoOf(child),
      cause,
      exitCode,
      signal,
      runs,
      replaced: phase === 'running',
      cpuMs: child.cpuMs,
      ...(error !== undefined && { error }),
    })
    const lasted = readyAt !== null && (child.hasRun || now - readyAt >= provedAfterMs)
    if (cause === 'start-failed' || (cause === 'crashed' && !lasted)) pace.failed(now)
    if (!everReady && pace.failures >= mostStartAttempts) giveUp(startErrorOf(end))
    if (phase === 'stopping' && alive.size === 0) finishStop()
    refill()
  }

  function giveUp(cause: Error): void {
    phase = 'stopping'
    const error = new PoolStartError(options.module, pace.failures, cause)
    started.reject(error)
    onFailed(error)
    finishStop()
  }

  function finishStop(): void {
    watch?.[Symbol.dispose]()
    stopListening?.()
    sinks?.stdout[Symbol.dispose]()
    sinks?.stderr[Symbol.dispose]()
    started.reject(new PoolStoppedError())
    ended.resolve()
  }

  function killAll(): void {
    for (const child of alive.keys()) child.kill('stopped')
  }

  function beginStop(): void {
    cancelRefill?.()
    if (phase === 'new' || alive.size === 0) finishStop()
    phase = 'stopping'
  }

  return {
    start: () => {
      if (phase === 'new') {
        phase = 'running'
        watch = watchChildren({
          clock,
          memoryCheckIntervalMs: options.memoryCheckIntervalMs,
          children: () => [...alive.keys()],
          onMeasured: (child, measurement) => {
            const readyAt = alive.get(child) ?? null
            if (readyAt !== null && clock.monotonic() - readyAt >= provedAfterMs) prove()
            events.emit('measured', { ...infoOf(child), ...measurement, lagMs: child.lagMs })
          },
        })
        // A supervisor that exits without stopping the pool takes its children along.
        stopListening = listen(process, 'exit', killAll)
        refill()
      }
    },
    ready: started.promise,
    freest: () => {
      let best: Child | undefined
      for (const child of list) if (child.free > (best?.free ?? 0)) best = child
      return best
    },
    withRoomAhead: () => {
      for (const child of list) if (child.roomAhead > 0) return child
      return undefined
    },
    holderOf: (run) => list.find((child) => child.has(run)),
    get free() {
      let free = 0
      for (const child of list) free += child.free
      return free
    },
    get roomAhead() {
      let room = 0
      for (const child of list) room += child.roomAhead
      return room
    },
    get capacity() {
      return list.filter(({ state }) => state === 'ready').length * options.concurrency
    },
    stop: async () => {
      beginStop()
      for (const child of list) child.retire('stopped')
      await ended.promise
    },
    stopNow: async () => {
      beginStop()
      killAll()
      await ended.promise
    },
  }
}

function infoOf({ slot, pid }: Child): ChildInfo {
  return { slot, pid }
}

function startErrorOf({ error, exitCode, signal, uncaught }: ChildEnd): Error {
  if (error !== undefined) return error
  if (uncaught?.thrown instanceof Error) return uncaught.thrown
  return new Error(signal === null ? `it ended with exit code ${exitCode}` : `it was ended by ${signal}`)
}
