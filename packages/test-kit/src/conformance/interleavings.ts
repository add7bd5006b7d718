import { expect, test } from '@jest/globals'
import { rescueLostRuns, type Outcome, type Stamp } from '@sisy/core/internal'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { settableClock, type SettableClock } from '../settable-clock.js'
import {
  boom,
  claimRequest,
  newRun,
  newRunId,
  newTask,
  now as start,
  transitionAfter,
  type HeldRow,
  type StoreUnderTest,
} from './fixtures.js'
import { PromiseModel, type ModelLease } from './promise-model.js'

const maxAttempts = 3
const leaseMs = 60_000
const iterations = 4

const act = <Kind extends string>(kind: Kind) => fc.record({ kind: fc.constant(kind) })
/** A number picks among the leases ever given, stale ones too. */
const use = <Kind extends string>(kind: Kind) => fc.record({ kind: fc.constant(kind), lease: fc.nat() })
/** A number picks among the runs, whatever their state. */
const touch = <Kind extends string>(kind: Kind) => fc.record({ kind: fc.constant(kind), run: fc.nat() })

/** What several actors may do, in any order. */
const actions = {
  enqueue: fc.record({ kind: fc.constant('enqueue' as const), key: fc.constantFrom(null, null, 'a', 'b') }),
  stamp: act('stamp'),
  claim: fc.record({ kind: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  start: use('start'),
  renew: use('renew'),
  succeed: use('succeed'),
  fail: use('fail'),
  giveBack: use('giveBack'),
  complete: use('complete'),
  release: use('release'),
  save: use('save'),
  cancel: touch('cancel'),
  retry: touch('retry'),
  rob: touch('rob'),
  hold: touch('hold'),
  letGo: act('letGo'),
  rescue: act('rescue'),
  promote: act('promote'),
  wait: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 30_000, 61_000) }),
}

const action = fc.oneof(...Object.values(actions))
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never
type LeaseAction = Extract<Action, { lease: number }>['kind']
type RunAction = Extract<Action, { run: number }>['kind']

/** Random interleavings of everything that touches a run, against the promise. */
export function interleavings(under: StoreUnderTest): void {
  test('keeps its promise through any interleaving of actors', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 60, size: 'max' }), async (plan) => {
        await under.clear()
        const task = await under.store.writeTask({ ...newTask, allowOverlap: false, iterations, maxAttempts })
        const actors = new Actors(under, settableClock(start), task.id)
        try {
          for (const step of plan) await actors.take(step)
        } finally {
          await actors.letGo()
        }
      }),
      { numRuns: Number(process.env['SISY_INTERLEAVINGS'] ?? 60) },
    )
  }, 600_000)
}

/** Takes one step after the other, in the store and in the model, and compares them. */
class Actors {
  readonly #model = new PromiseModel(maxAttempts, iterations)
  readonly #leases: ModelLease[] = []
  readonly #held = new Map<string, HeldRow>()

  constructor(
    readonly under: StoreUnderTest,
    readonly clock: SettableClock,
    readonly taskId: string,
  ) {}

  async take(step: Action): Promise<void> {
    if ('lease' in step) {
      const lease = pick(this.#leases, step.lease)
      if (lease !== undefined) await this.#use(lease, step.kind)
    } else if ('run' in step)
      await this.#touch(pick([...this.#model.runs.keys()], step.run) ?? randomUUID(), step.kind)
    else await this.#act(step)
    await this.#compare()
  }

  /** Ends the other transactions. */
  async letGo(): Promise<void> {
    for (const row of this.#held.values()) await row.letGo()
    this.#held.clear()
    this.#model.held.clear()
  }

  async #compare(): Promise<void> {
    const rows = await this.under.sql(
      `SELECT id::text, state, attempt, "activeKey", "leaseToken"::text AS token FROM sisy_task_run ORDER BY id`,
    )
    const model = [...this.#model.runs].map(([id, run]) => {
      const { state, attempt, token } = run
      return { id, state, attempt, activeKey: this.#model.activeKey(run), token }
    })
    expect(rows).toEqual(model.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    const left = this.#model.iterations
    expect(await this.under.sql(`SELECT iterations, "endedAt" IS NOT NULL AS ended FROM sisy_task`)).toEqual([
      { iterations: left, ended: left === 0 },
    ])
  }

  async #act(step: Exclude<Action, { lease: number } | { run: number }>): Promise<void> {
    const { store } = this.under
    const now = this.clock.now()
    switch (step.kind) {
      case 'enqueue': {
        const run = newRun({ maxAttempts, uniqueKey: step.key })
        const [written] = await store.enqueueRuns([run])
        expect(written !== null).toBe(this.#model.enqueue(run.id, step.key === null ? null : `u:${step.key}`))
        return
      }
      case 'stamp':
        return this.#stamp(now)
      case 'claim': {
        const due = this.#model.free('due')
        const request = claimRequest({ limit: step.limit, leaseMs })
        const { runs } = await store.claimRuns(now, request)
        expect(runs).toHaveLength(Math.min(step.limit, due.length))
        for (const { id, attempt } of runs) {
          expect(due).toContain(id)
          const lease = this.#model.claim(id, request.leaseToken, now.getTime() + leaseMs)
          expect(attempt).toBe(lease.attempt)
          this.#leases.push(lease)
        }
        return
      }
      case 'letGo':
        return this.letGo()
      case 'rescue': {
        const rescued = await Promise.all([1, 2].map(() => rescueLostRuns(store, this.clock)))
        const ids = rescued.flat().map(({ id }) => id)
        expect(ids.sort()).toEqual(this.#model.rescue(now.getTime()).sort())
        return
      }
      case 'promote':
        expect(await store.promoteRuns(now, 1_000)).toBe(this.#model.promote(now.getTime()).length)
        return
      case 'wait':
        this.clock.advance(step.ms)
    }
  }

  /** Two heartbeats at once. */
  async #stamp(now: Date): Promise<void> {
    const { store } = this.under
    const [read] = await store.readDueTasks(now, { limit: 10, except: [] })
    expect(read?.iterations ?? 0).toBe(this.#model.iterations)
    if (read === undefined) return
    const { nextRun, lastRun } = read
    const left = read.iterations - 1
    const kept = { nextRun, lastRun, iterations: read.iterations, endedAt: null, problem: null }
    const last = left === 0 ? { nextRun: null, endedAt: now } : {}
    const stamps = [1, 2].map((): Stamp => {
      const runs = [{ id: newRunId(), dueAt: now }]
      return { read, runs, stamped: { ...kept, lastRun: now, iterations: left, ...last }, skipped: kept }
    })
    const replies = await Promise.all(stamps.map((stamp) => store.stampTasks(now, [stamp])))
    const inserted = stamps.filter((_, n) => replies[n]?.runs === 1).map(({ runs }) => runs[0]?.id ?? '')
    const key = `t:${this.taskId}`
    expect(inserted).toHaveLength(this.#model.isActive(key) ? 0 : 1)
    for (const id of inserted) {
      this.#model.enqueue(id, key)
      this.#model.iterations = left
    }
  }

  async #touch(id: string, kind: RunAction): Promise<void> {
    const { store } = this.under
    // A person's cancel and retry wait for whoever holds the row; so would this test.
    if (this.#held.has(id)) return
    switch (kind) {
      case 'cancel':
        expect(await store.cancelRun(id)).toBe(this.#model.cancel(id))
        return
      case 'retry': {
        const reply = await store.retryRun(id)
        expect('refused' in reply ? reply.refused : reply.state).toBe(this.#model.retry(id))
        return
      }
      case 'rob': {
        await this.under.sql(
          `UPDATE sisy_task_run SET "leaseToken" = NULL WHERE id = $1::uuid AND state = 'running'`,
          id,
        )
        const run = this.#model.runs.get(id)
        if (run?.state === 'running') Object.assign(run, { token: null, leaseUntil: -Infinity })
        return
      }
      case 'hold':
        if (!this.#model.runs.has(id)) return
        this.#held.set(id, await this.under.hold(id))
        this.#model.held.add(id)
    }
  }

  async #use(lease: ModelLease, kind: LeaseAction): Promise<void> {
    const { store } = this.under
    const now = this.clock.now()
    const run = this.#model.get(lease.id)
    const holds = this.#model.holds(lease)
    const isHeld = this.#model.held.has(lease.id)
    switch (kind) {
      case 'start':
        expect(await store.startRuns([{ ...lease, startedAt: now }])).toHaveLength(holds && !isHeld ? 1 : 0)
        if (holds && !isHeld) run.started = true
        return
      case 'renew': {
        const known = this.#model.isKnown(lease)
        const { leases: renewed } = await store.renewLeases(now, leaseMs, [lease])
        expect(renewed.map((reply) => reply.renewed)).toEqual(known ? [!holds || !isHeld] : [])
        if (holds && !isHeld) run.leaseUntil = now.getTime() + leaseMs
        return
      }
      case 'release':
        expect(await store.releaseClaim(lease.leaseToken)).toBe(this.#model.release(lease.leaseToken))
        return
      case 'save':
        if (!isHeld) expect(await store.saveUserdata(lease, { at: now.getTime() })).toBe(holds)
        return
      case 'complete':
        if (isHeld) return
        expect(await store.completeRun(lease, null)).toBe(holds)
        if (holds) run.state = 'succeeded'
        return
      case 'succeed':
      case 'fail':
      case 'giveBack': {
        const { attempt } = lease
        const transition = transitionAfter(outcomes[kind], { attempt, maxAttempts })
        const reply = this.#model.finish(lease, transition)
        expect(await store.finishRuns(now, [{ ...lease, transition }])).toEqual([reply])
      }
    }
  }
}

const outcomes = {
  succeed: { kind: 'ok', result: null },
  fail: boom,
  giveBack: { kind: 'shutdown' },
} satisfies Record<string, Outcome>

function pick<Item>(items: readonly Item[], n: number): Item | undefined {
  return items[n % Math.max(1, items.length)]
}
