import { expect, test } from '@jest/globals'
import { rescueLostRuns, type Outcome } from '@sisy/core/internal'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { settableClock, type SettableClock } from '../settable-clock.js'
import { boom, claimRequest, newRun, now as start, transitionAfter, type StoreUnderTest } from './fixtures.js'
import { PromiseModel, type ModelLease } from './promise-model.js'

const maxAttempts = 3
const leaseMs = 60_000

/** What several actors may do, in any order; a number picks among the leases ever given, stale ones too. */
const actions = {
  enqueue: fc.record({ kind: fc.constant('enqueue' as const) }),
  claim: fc.record({ kind: fc.constant('claim' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  start: fc.record({ kind: fc.constant('start' as const), lease: fc.nat() }),
  renew: fc.record({ kind: fc.constant('renew' as const), lease: fc.nat() }),
  succeed: fc.record({ kind: fc.constant('succeed' as const), lease: fc.nat() }),
  fail: fc.record({ kind: fc.constant('fail' as const), lease: fc.nat() }),
  giveBack: fc.record({ kind: fc.constant('giveBack' as const), lease: fc.nat() }),
  save: fc.record({ kind: fc.constant('save' as const), lease: fc.nat() }),
  cancel: fc.record({ kind: fc.constant('cancel' as const), run: fc.nat() }),
  rescue: fc.record({ kind: fc.constant('rescue' as const) }),
  promote: fc.record({ kind: fc.constant('promote' as const) }),
  wait: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 30_000, 61_000) }),
}

const action = fc.oneof(...Object.values(actions))
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never

/** Random interleavings of everything that touches a run, against the promise. */
export function interleavings(under: StoreUnderTest): void {
  test('keeps its promise through any interleaving of actors', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 60, size: 'max' }), async (plan) => {
        await under.clear()
        const actors = new Actors(under, settableClock(start))
        for (const step of plan) await actors.take(step)
      }),
      { numRuns: Number(process.env['SISY_INTERLEAVINGS'] ?? 60) },
    )
  }, 600_000)
}

/** Takes one step after the other, in the store and in the model, and compares them. */
class Actors {
  readonly #model = new PromiseModel(maxAttempts)
  readonly #leases: ModelLease[] = []

  constructor(
    readonly under: StoreUnderTest,
    readonly clock: SettableClock,
  ) {}

  async take(step: Action): Promise<void> {
    if ('lease' in step) {
      const lease = pick(this.#leases, step.lease)
      if (lease !== undefined) await this.#use(lease, step.kind)
    } else await this.#act(step)
    const rows = await this.under.sql(`SELECT id::text, state, attempt FROM sisy_task_run ORDER BY id`)
    const model = [...this.#model.runs].map(([id, { state, attempt }]) => ({ id, state, attempt }))
    expect(rows).toEqual(model.toSorted((a, b) => (a.id < b.id ? -1 : 1)))
  }

  async #act(step: Exclude<Action, { lease: number }>): Promise<void> {
    const { store } = this.under
    const now = this.clock.now()
    switch (step.kind) {
      case 'enqueue': {
        const run = newRun({ maxAttempts })
        await store.enqueueRuns([run])
        this.#model.enqueue(run.id)
        return
      }
      case 'claim': {
        const due = this.#model.ids('due')
        const request = claimRequest({ limit: step.limit, leaseMs })
        const claimed = await store.claimRuns(now, request)
        expect(claimed).toHaveLength(Math.min(step.limit, due.length))
        for (const { id, attempt } of claimed) {
          expect(due).toContain(id)
          const lease = this.#model.claim(id, request.leaseToken, now.getTime() + leaseMs)
          expect(attempt).toBe(lease.attempt)
          this.#leases.push(lease)
        }
        return
      }
      case 'cancel': {
        const id = pick([...this.#model.runs.keys()], step.run) ?? randomUUID()
        expect(await store.cancelRun(id)).toBe(this.#model.cancel(id))
        return
      }
      case 'rescue': {
        const rescued = await rescueLostRuns(store, this.clock)
        expect(rescued.map(({ id }) => id).sort()).toEqual(this.#model.rescue(now.getTime()).sort())
        return
      }
      case 'promote':
        expect(await store.promoteRuns(now, 1_000)).toBe(this.#model.promote(now.getTime()).length)
        return
      case 'wait':
        this.clock.advance(step.ms)
    }
  }

  async #use(lease: ModelLease, kind: Extract<Action, { lease: number }>['kind']): Promise<void> {
    const { store } = this.under
    const now = this.clock.now()
    const run = this.#model.get(lease.id)
    const held = this.#model.holds(lease)
    switch (kind) {
      case 'start':
        expect(await store.startRuns(now, [lease])).toHaveLength(held ? 1 : 0)
        if (held) run.started = true
        return
      case 'renew':
        expect(await store.renewLeases(now, leaseMs, [lease])).toHaveLength(held ? 1 : 0)
        if (held) run.leaseUntil = now.getTime() + leaseMs
        return
      case 'save':
        expect(await store.saveUserdata(lease, { at: now.getTime() })).toBe(held)
        return
      case 'succeed':
      case 'fail':
      case 'giveBack': {
        const { attempt } = lease
        const transition = transitionAfter(outcomes[kind], { attempt, maxAttempts })
        const written = this.#model.finish(lease, transition)
        expect(await store.finishRuns(now, [{ ...lease, transition }])).toEqual(written ? [lease.id] : [])
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
