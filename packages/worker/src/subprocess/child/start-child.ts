import { createBlockWatch } from './block-watch.js'
import { createChildRuns } from './child-runs.js'
import { endRuns } from './end-runs.js'
import type { Child, ChildOptions } from './child.js'
import { noteResident, type HeldRun } from '../held-run.js'
import { createChildMemory } from './child-memory.js'
import { createLifetime } from './lifetime.js'
import { createLastWords } from './last-words.js'
import type { FromChild, RunEnd } from '../channel/messages.js'
import { outcomeOfMessage, type ChildEnd } from './outcome-of-exit.js'
import { passAllOutputOn } from '../output/pass-output-on.js'
import type { ChildEndCause, PoolOutcome } from '../pool-outcome.js'
import { createRunSending } from './run-sending.js'
import { createRunsAhead } from './runs-ahead.js'
import { createProcessEnding } from './process-ending.js'
import { spawnChild, type ProcessEnd } from './spawn-child.js'
import { toThrown } from '../channel/thrown.js'

export function startChild({ slot, options, data, sinks, on }: ChildOptions): Child {
  const { clock, concurrency, graceMs, maxMemory, maxRunsPerChild, startTimeoutMs } = options
  const runs = createChildRuns(clock)
  const memory = createChildMemory(options, {
    onKill: () => kill('memory'),
    onRecycle: () => child.retire('recycled-memory'),
    onTight: (residentBytes) => on.tight(child, residentBytes),
  })
  const lastWords = createLastWords()
  let state: Child['state'] = 'starting'
  let wasReady = false
  /** Why it gets no new runs, once it does not. */
  let retiredFor: ChildEndCause | null = null
  let hasRun = false
  let cpuMs = 0
  /** Names of runs that were given up here, whose code may still be executing. */
  const abandoned: string[] = []

  const link = spawnChild({ ...options, onMessage: receive, onEnded: settleEnd })
  const ending = createProcessEnding(link, options)
  const sending = createRunSending({ clock, pid: link.pid, maxRunsPerChild })
  const blockage = createBlockWatch({
    graceMs,
    ask: () => link.send({ kind: 'ping' }),
    names: () => [...abandoned, ...runs.begunNames(link.lastBegin())],
    onBlocked: (ms, names) => on.blocked(child, ms, names),
    onUnblocked: (ms, names) => on.unblocked(child, ms, names),
    runsSomething: () => runs.noteBegun(link.lastBegin()),
    hasAbandoned: () => abandoned.length > 0,
    onStuck: () => kill('stuck'),
    onOverrun: () => ending.terminate('overrun'),
  })
  const ahead = createRunsAhead({ clock, lastBegin: () => link.lastBegin(), onTakenBack: giveBack })
  const lifetime = createLifetime({
    clock,
    runs: () => (ahead.size === 0 ? runs.held.values() : [...runs.held.values(), ...ahead.waiting]),
    keepUntil: (moment) => link.keepUntil(moment),
  })
  const flushOutput = passAllOutputOn(link, sinks, {
    only: () => (runs.held.size === 1 ? [...runs.held.values()][0] : undefined),
    find: (run) => runs.held.get(run) ?? ahead.waiting.find(({ number }) => number === run),
    childName: `process ${link.pid}`,
  })
  const cancelStartTimeout = clock.after(startTimeoutMs, () => {
    lastWords.noteLateness(startTimeoutMs)
    // It keeps its place until it has ended: no other is started before this failure is counted.
    ending.kill('start-failed')
  })
  const { key, sharedFile } = link
  link.send({ kind: 'set-up', module: options.module, data, concurrency, key, sharedFile })

  function receive(message: FromChild): void {
    switch (message.kind) {
      case 'ready':
        becomeReady(message.residentBytes)
        break
      case 'returned':
      case 'threw':
        finish(message)
        break
      case 'declined':
        decline(message.run, message.sequence)
        break
      case 'pong':
        blockage.answered(clock.monotonic())
        break
      case 'unready':
      case 'uncaught':
      case 'exiting':
        lastWords.note(message)
        break
    }
  }

  function becomeReady(residentBytes: number): void {
    // What was killed for being late is not ready after all.
    if (lastWords.isLate) return
    cancelStartTimeout()
    wasReady = true
    if (state !== 'starting') return
    state = 'ready'
    memory.note(residentBytes, 'fresh')
    memory.judge(runs.held.size)
    on.ready(child)
  }

  function finish(message: RunEnd): void {
    const run = runs.held.get(message.run)
    if (run === undefined) return
    lastWords.forget()
    const outcome = outcomeOfMessage(run, message)
    run.told = { outcome, end: message }
    run.begun = hasRun = true
    ahead.noteDuration(message.ms)
    if (message.residentBytes !== undefined) memory.note(message.residentBytes, 'used')
    noteResident(run, memory.residentBytes)
    // Now, since the child goes on before the last output of this one has arrived.
    holdNext()
    runs.awaitOutput(run, message.lines ?? 0, () => leave(run, outcome))
  }

  function leave(run: HeldRun, outcome: PoolOutcome<unknown>): void {
    const now = clock.monotonic()
    const facts = { now, slot, before: null, blockedMs: blockage.blockedMs(now) }
    const ended = runs.end(run, outcome, facts)
    if (ended === null) return
    if (run.told === null) holdNext()
    lifetime.update()
    recycle()
    on.run(run, ended)
    goWhenIdle()
  }

  /** Its replacement starts while its last run goes on. */
  function retireWhenDue(): void {
    if (sending.left <= 0) leaveService('recycled-runs')
  }

  /** After a run: whether this process has served its time. */
  function recycle(): void {
    // Of several runs at once none may ever be the last, so a process that holds too much is retired among them.
    if (memory.verdict(0) === 'recycle') leaveService('recycled-memory')
  }

  /** From now on the run occupies the child. */
  function hold(run: HeldRun): void {
    runs.add(run)
    lifetime.update()
    if (run.aborted !== null) limitGrace(run, run.aborted.reason)
    else if (run.timeoutMs !== null) runs.limitTime(run, run.timeoutMs, () => link.lastBegin(), abort)
  }

  /** The child goes on with what it was sent ahead. */
  function holdNext(): void {
    const next = ahead.shift()
    if (next !== undefined) hold(next)
  }

  function giveBack(given: readonly HeldRun[]): void {
    lifetime.update()
    on.givenBack(given)
    goWhenIdle()
  }

  /** The child will not begin a run that was sent ahead. */
  function decline(number: number, sequence: number): void {
    const run = [...runs.held.values(), ...ahead.waiting].find((held) => held.number === number)
    if (run?.sent?.sequence !== sequence) return
    if (!ahead.remove(run)) {
      runs.drop(run)
      holdNext()
    }
    giveBack([run])
  }

  function abort(run: HeldRun, reason: unknown): void {
    if (run.aborted !== null || run.told !== null) return
    run.aborted = { reason }
    lifetime.update()
    link.send({ kind: 'abort', run: run.number, reason: toThrown(reason) })
    if (runs.held.has(run.number)) limitGrace(run, reason)
  }

  function limitGrace(run: HeldRun, reason: unknown): void {
    runs.setTimer(run, graceMs, () => {
      overrun(run, reason)
    })
  }

  /** An aborted run that does not end is ended with its process, unless others run there and can go on. */
  function overrun(run: HeldRun, reason: unknown): void {
    if (runs.executing === 1 || blockage.blockedMs(clock.monotonic()) > 0) {
      ending.terminate('overrun')
      leaveService('overrun')
    } else {
      abandoned.push(run.name)
      leaveService('overrun')
      runs.noteBegun(link.lastBegin())
      leave(run, { kind: 'aborted', reason })
    }
  }

  function kill(cause: ChildEndCause): void {
    ending.kill(cause)
    leaveService(cause)
  }

  function leaveService(cause: ChildEndCause): void {
    if (state === 'retired' || state === 'ended') return
    state = 'retired'
    retiredFor = cause
    on.retired(child)
  }

  function goWhenIdle(): void {
    if (state !== 'retired' || retiredFor === null || runs.held.size > 0 || ahead.size > 0) return
    ending.inOrder(retiredFor)
  }

  function settleEnd(how: ProcessEnd): void {
    state = 'ended'
    cancelStartTimeout()
    flushOutput()
    const asked = ending.ended(lifetime.isOver ? 'expired' : 'crashed')
    const cause = wasReady || asked !== 'crashed' ? asked : 'start-failed'
    const end: ChildEnd = { ...how, ...lastWords.of(how), cause, residentBytes: memory.killedHolding }
    const now = clock.monotonic()
    const before = link.lastBegin()
    const facts = { now, slot, before, blockedMs: blockage.blockedMs(now) }
    for (const run of ahead.begun(before)) runs.add(run)
    if (runs.noteBegun(before)) hasRun = true
    cpuMs = Math.max(cpuMs, (before?.usage.cpuUs ?? 0) / 1000)
    const held = runs.clear()
    endRuns(held, { end, maxMemory, facts, on })
    on.givenBack(ahead.clear())
    const names = held.map(({ name }) => name)
    on.ended(child, end, names)
  }

  const child: Child = {
    slot,
    pid: link.pid,
    get state() {
      return state
    },
    get free() {
      if (state !== 'ready' || blockage.isBlocked) return 0
      return Math.min(concurrency - runs.executing, sending.left)
    },
    runs: runs.held,
    get hasRun() {
      return hasRun
    },
    get cpuMs() {
      return cpuMs
    },
    get lagMs() {
      return blockage.lagMs
    },
    get roomAhead() {
      // Without a mark of what began nothing could be taken back for certain.
      if (state !== 'ready' || blockage.isBlocked || sharedFile === null) return 0
      return Math.min(ahead.room, sending.left)
    },
    has: (run) => runs.held.get(run.number) === run || ahead.waiting.includes(run),
    begin: (run) => {
      const message = sending.next(run)
      hold(run)
      retireWhenDue()
      link.sendRun(message, (error) => {
        run.begun = true
        leave(run, { kind: 'error', thrown: error })
      })
    },
    sendAhead: (given) => {
      const until = ahead.newLimit()
      ahead.add(given, until)
      // One that cannot be sent is told so once it is to begin by itself.
      for (const run of given)
        link.sendRun(sending.next(run, until), () => ahead.remove(run) && giveBack([run]))
      lifetime.update()
      retireWhenDue()
    },
    abort,
    kill,
    retire: (cause) => {
      leaveService(cause)
      goWhenIdle()
    },
    watch: (now, owing) => {
      if (wasReady && state !== 'ended') blockage.turn(now, owing)
    },
    updateLifetime: () => lifetime.update(),
    measured: (measurement) => {
      runs.measured(measurement)
      cpuMs = measurement.cpuMs
      memory.note(measurement.residentBytes, sending.any ? 'used' : 'fresh')
      memory.judge(runs.held.size)
    },
  }
  return child
}
