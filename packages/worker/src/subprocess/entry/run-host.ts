import { AsyncResource, type AsyncLocalStorage } from 'node:async_hooks'
import type { FromChild, RunEnd, SentRun, Thrown, Usage } from '../channel/messages.js'
import type { LastBegin } from '../channel/shared-file.js'
import type { LineOwner } from '../output/line-tag.js'
import { machineNow, type PoolClock } from '../pool-clock.js'
import { fromThrown, toThrown } from '../channel/thrown.js'
import { fromWire, toWire, type WireValue } from '../channel/wire-value.js'
import type { RunContext } from './load-module.js'
import type { TaggedOutput } from './tag-output.js'
import { usage } from './usage.js'

/** Runs what the supervisor sends. */
export interface RunHost {
  /** Begins a run, or keeps it until one that is executing has ended. */
  take(run: SentRun): void
  abort(run: number, reason: Thrown): void
}

export interface RunHostOptions {
  readonly call: (value: unknown, context: RunContext) => unknown
  /** What the module's set-up returned. */
  readonly shared: unknown
  /** Runs at once. */
  readonly concurrency: number
  readonly send: (message: FromChild) => void
  /** Tells, here and in all that a run leaves behind, which run it is. */
  readonly current: AsyncLocalStorage<LineOwner>
  readonly output: TaggedOutput
  /** Notes where the supervisor can see it that user code begins. */
  readonly markBegin: (begin: LastBegin) => void
  readonly clock: PoolClock
}

/** A run that is executing. */
interface Executing extends LineOwner {
  readonly before: Usage
  readonly beganAt: number
  readonly context: LazyContext
}

/** How often a run's end tells the resident memory, milliseconds: asking costs more than a quick run does. */
const residentEveryMs = 20

export function createRunHost(options: RunHostOptions): RunHost {
  const { call, shared, concurrency, send, current, output, markBegin, clock } = options
  const executing = new Map<number, Executing>()
  const waiting: SentRun[] = []
  const outside = new AsyncResource('sisy-run-host')
  let residentToldAt = -Infinity

  function begin(sent: SentRun): void {
    const { run, sequence, name, until } = sent
    const before = usage()
    // Before user code begins: a process that dies later is known to have begun the run.
    markBegin({ sequence, usage: before })
    // Looked at after the mark: the supervisor takes back what is not marked when this time is over.
    if (until !== undefined && machineNow() >= until) {
      send({ kind: 'declined', run, sequence })
      return
    }
    const owner = { run, name, before, beganAt: clock.monotonic(), context: new LazyContext(shared) }
    executing.set(run, owner)
    // In a task of its own, so that the trace of a crash begins with user code.
    current.run(owner, () => {
      queueMicrotask(() => void execute(owner, sent.value))
    })
  }

  async function execute(owner: Executing, value: WireValue): Promise<void> {
    try {
      const returned = await call(fromWire(value), owner.context)
      end(owner, { kind: 'returned', value: wireResult(returned), thrown: undefined })
    } catch (thrown) {
      end(owner, { kind: 'threw', value: undefined, thrown: toThrown(thrown) })
    }
  }

  function end(owner: Executing, how: Ending): void {
    const { run, before, beganAt } = owner
    const now = clock.monotonic()
    const { cpuUs, peakBytes } = usage()
    const lines = output.finish(owner)
    executing.delete(run)
    // Written out, and members left undefined, which JSON leaves out: it is made for every run.
    send({
      kind: how.kind,
      value: how.value,
      thrown: how.thrown,
      run,
      ms: now - beganAt,
      cpuUs: cpuUs - before.cpuUs,
      peakBytes: peakBytes > before.peakBytes ? peakBytes : undefined,
      lines: lines > 0 ? lines : undefined,
      residentBytes: resident(now),
    })
    // Outside the run that ended: what it kept in an AsyncLocalStorage of its own is not for the next one.
    outside.runInAsyncScope(beginWaiting)
  }

  function resident(now: number): number | undefined {
    if (now - residentToldAt < residentEveryMs) return undefined
    residentToldAt = now
    return process.memoryUsage.rss()
  }

  function beginWaiting(): void {
    while (executing.size < concurrency) {
      const next = waiting.shift()
      if (next === undefined) return
      begin(next)
    }
  }

  return {
    take: (sent) => {
      waiting.push(sent)
      beginWaiting()
    },
    abort: (run, reason) => {
      executing.get(run)?.context.abort(fromThrown(reason))
      const place = waiting.findIndex((sent) => sent.run === run)
      const [dropped] = place < 0 ? [] : waiting.splice(place, 1)
      if (dropped !== undefined) send({ kind: 'declined', run, sequence: dropped.sequence })
    },
  }
}

type Ending = Pick<RunEnd, 'kind' | 'value' | 'thrown'>

function wireResult(returned: unknown): WireValue {
  try {
    return toWire(returned)
  } catch (error) {
    throw new TypeError(
      `What it returned cannot be sent to the supervisor: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** A class, since an accessor on the prototype costs nothing for each run, and most functions never look at the signal. */
class LazyContext implements RunContext {
  readonly shared: unknown
  #controller: AbortController | undefined
  #aborted: { readonly reason: unknown } | undefined

  constructor(shared: unknown) {
    this.shared = shared
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason)
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    this.#aborted ??= { reason }
    this.#controller?.abort(this.#aborted.reason)
  }
}
