import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  decideTransition,
  newRunIds,
  rescueLostRuns,
  type ClaimRequest,
  type DecidedRun,
  type NewRun,
  type NewTask,
  type Outcome,
  type Stamp,
  type Store,
} from '@sisy/core/internal'
import { randomUUID } from 'node:crypto'
import { settableClock } from './settable-clock.js'

/** A store under test, on an empty database. */
export interface StoreUnderTest {
  readonly store: Store
  /** Empties Sisy's tables. */
  clear(): Promise<void>
  /** Runs a statement of the test's own. */
  sql<Row = Record<string, unknown>>(statement: string, ...values: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

export const newTask: NewTask = {
  key: null,
  label: 'work',
  callable: 'work',
  modelName: null,
  modelKey: null,
  schedule: '0 * * * *',
  timezone: 'UTC',
  startRunning: null,
  endRunning: null,
  waitForSchedule: true,
  iterations: 0,
  allowOverlap: true,
  misfire: 'once',
  misfireWindow: null,
  misfireLimit: 100,
  jitterSeconds: 0,
  queue: 'default',
  priority: 0,
  maxAttempts: 5,
  backoff: null,
  timeoutSeconds: null,
  onMissingRecord: 'fail',
  nextRun: new Date('2030-01-01T00:00:00Z'),
}

export function newRun(given: Partial<NewRun> = {}): NewRun {
  return {
    id: newRunIds(new Date(), 1)[0] ?? '',
    label: 'work',
    callable: 'work',
    modelName: null,
    modelKey: null,
    userdata: {},
    queue: 'default',
    priority: 0,
    maxAttempts: 5,
    backoff: null,
    timeoutSeconds: null,
    dueAt: null,
    uniqueKey: null,
    ...given,
  }
}

/** What every database's store must do. */
export function storeConformance(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    let under: StoreUnderTest
    let store: Store
    const now = new Date('2030-01-01T00:00:00Z')
    const later = (ms: number): Date => new Date(now.getTime() + ms)
    const claim = (given: Partial<ClaimRequest> = {}): ClaimRequest => ({
      queue: 'default',
      callables: ['work'],
      limit: 10,
      leaseToken: randomUUID(),
      leaseMs: 60_000,
      workerId: randomUUID(),
      ...given,
    })
    const decided: DecidedRun = {
      attempt: 1,
      maxAttempts: 5,
      backoff: null,
      onMissingRecord: 'fail',
      startedAt: now,
      workerId: null,
      pid: null,
    }
    const ending = (outcome: Outcome, run: Partial<DecidedRun> = {}) =>
      decideTransition(outcome, { ...decided, ...run }, now, 0.5)
    const boom: Outcome = { kind: 'error', error: { name: 'Error', message: 'boom' } }
    const stateOf = async (id: string) => (await store.readRun(id))?.state

    beforeAll(async () => {
      under = await open()
      store = under.store
    })
    afterAll(() => under.close())
    beforeEach(() => under.clear())

    describe('writeTask', () => {
      test('inserts a task and returns its row', async () => {
        const row = await store.writeTask({ ...newTask, userdata: { months: 1 }, startRunning: now })
        expect(row).toMatchObject({
          label: 'work',
          userdata: { months: 1 },
          enabled: true,
          startRunning: now,
          nextRun: newTask.nextRun,
          lastRun: null,
          problem: null,
        })
        expect(row.id).toMatch(/^[0-9a-f-]{36}$/)
      })

      test('with a key updates the one row, and keeps what the app did not say and what the timing decides', async () => {
        const keyed = { ...newTask, key: 'k', iterations: 3 }
        const first = await store.writeTask({ ...keyed, userdata: { kept: true } })
        await under.sql(`UPDATE sisy_task SET iterations = 2, enabled = true`)
        const second = await store.writeTask({ ...keyed, priority: 7, nextRun: later(999) })
        expect(second).toMatchObject({ id: first.id, userdata: { kept: true }, iterations: 2, priority: 7 })
        expect(second.nextRun).toEqual(first.nextRun)
        const third = await store.writeTask({ ...keyed, schedule: '5 * * * *', nextRun: later(999) })
        expect(third).toMatchObject({ id: first.id, iterations: 3, nextRun: later(999) })
      })

      test('does not resume a task that an operator disabled', async () => {
        const keyed = { ...newTask, key: 'k' }
        await store.writeTask(keyed)
        await under.sql(`UPDATE sisy_task SET enabled = false, "nextRun" = NULL`)
        expect(await store.writeTask(keyed)).toMatchObject({ enabled: false, nextRun: null })
        expect(await store.writeTask({ ...keyed, enabled: true })).toMatchObject({ enabled: true, nextRun: newTask.nextRun })
      })

      test('many writers of one key make one row', async () => {
        const rows = await Promise.all(Array.from({ length: 8 }, () => store.writeTask({ ...newTask, key: 'k' })))
        expect(new Set(rows.map(({ id }) => id)).size).toBe(1)
      })
    })

    describe('enqueueRuns', () => {
      test('makes past and present runs due, future ones scheduled, in the order given', async () => {
        const soon = new Date(Date.now() + 3_600_000)
        const written = await store.enqueueRuns([newRun(), newRun({ dueAt: soon }), newRun()])
        expect(written.map((run) => run?.state)).toEqual(['due', 'scheduled', 'due'])
        expect(written[1]?.dueAt).toEqual(soon)
      })

      test('leaves out a run whose unique key is held, until the holder has ended', async () => {
        const first = newRun({ uniqueKey: 'a' })
        expect(await store.enqueueRuns([first, newRun({ uniqueKey: 'a' }), newRun({ uniqueKey: 'b' })])).toEqual([
          expect.objectContaining({ id: first.id }),
          null,
          expect.anything(),
        ])
        expect(await store.cancelRun(first.id)).toBe('cancelled')
        expect(await store.enqueueRuns([newRun({ uniqueKey: 'a' })])).toEqual([expect.anything()])
      })
    })

    describe('claimRuns', () => {
      test('takes the highest priority first, then the longest due, and only known callables of its queue', async () => {
        const [a, b, c] = [newRun(), newRun({ priority: 1 }), newRun()]
        const others = [newRun({ callable: 'other' }), newRun({ queue: 'elsewhere' })]
        await store.enqueueRuns([a, ...others])
        await store.enqueueRuns([b])
        await store.enqueueRuns([c])
        const claimed = await store.claimRuns(now, claim())
        expect(claimed.map(({ id }) => id)).toEqual([b.id, a.id, c.id])
        expect(claimed[0]).toMatchObject({ attempt: 1, callable: 'work', taskId: null })
        expect(await store.listUnknownCallables(['default'], ['work'])).toEqual(['other'])
      })

      test('gives each run to one of many claimers', async () => {
        const runs = Array.from({ length: 200 }, () => newRun())
        await store.enqueueRuns(runs)
        const claims = await Promise.all(Array.from({ length: 8 }, () => store.claimRuns(now, claim({ limit: 50 }))))
        const ids = claims.flat().map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids.length).toBe(200)
      })

      test('is given back by its token when the reply was lost', async () => {
        const run = newRun()
        await store.enqueueRuns([run])
        const request = claim()
        await store.claimRuns(now, request)
        expect(await store.releaseClaim(request.leaseToken)).toBe(1)
        expect(await store.readRun(run.id)).toMatchObject({ state: 'due', attempt: 0 })
      })
    })

    describe('a claimed run', () => {
      const claimed = async (given: Partial<NewRun> = {}) => {
        const run = newRun(given)
        await store.enqueueRuns([run])
        const request = claim({ queue: run.queue })
        await store.claimRuns(now, request)
        return { id: run.id, leaseToken: request.leaseToken }
      }

      test('is started, renewed and finished by its token', async () => {
        const lease = await claimed()
        expect(await store.startRuns(now, [lease])).toEqual([{ id: lease.id, task: null, cancelRequested: false }])
        expect(await store.renewLeases(now, 60_000, [lease])).toEqual([{ id: lease.id, cancelRequested: false }])
        const finish = { ...lease, transition: ending({ kind: 'ok', result: { n: [1, 'é', null] } }) }
        expect(await store.finishRuns(now, [finish])).toEqual([lease.id])
        expect(await store.readRun(lease.id)).toMatchObject({ state: 'succeeded', result: { n: [1, 'é', null] }, lastEntry: null })
      })

      test('whose finish is sent again, since its reply was lost, has succeeded', async () => {
        const lease = await claimed()
        const finish = { ...lease, transition: ending({ kind: 'ok', result: 1 }) }
        await store.finishRuns(now, [finish])
        expect(await store.finishRuns(now, [finish])).toEqual([lease.id])
      })

      test('refuses every write with another token', async () => {
        const lease = { ...(await claimed()), leaseToken: randomUUID() }
        expect(await store.startRuns(now, [lease])).toEqual([])
        expect(await store.renewLeases(now, 60_000, [lease])).toEqual([])
        expect(await store.saveUserdata(lease, { stolen: true })).toBe(false)
        expect(await store.finishRuns(now, [{ ...lease, transition: ending({ kind: 'ok', result: 1 }) }])).toEqual([])
        expect(await stateOf(lease.id)).toBe('running')
      })

      test('that failed waits for its retry, keeps its log, and frees its key only at its end', async () => {
        const lease = await claimed({ uniqueKey: 'a' })
        await store.finishRuns(now, [{ ...lease, transition: ending(boom) }])
        expect(await store.readRun(lease.id)).toMatchObject({ state: 'scheduled', attempt: 1, lastEntry: { cause: 'error', error: { message: 'boom' } } })
        expect(await store.enqueueRuns([newRun({ uniqueKey: 'a' })])).toEqual([null])
        expect((await store.lookAhead()).nextScheduled).toEqual(later(500))
        expect(await store.promoteRuns(later(499), 10)).toBe(0)
        expect(await store.promoteRuns(later(500), 10)).toBe(1)
        const request = claim()
        expect(await store.claimRuns(now, request)).toEqual([expect.objectContaining({ id: lease.id, attempt: 2 })])
        const last = ending(boom, { attempt: 5 })
        await store.finishRuns(now, [{ id: lease.id, leaseToken: request.leaseToken, transition: last }])
        expect(await stateOf(lease.id)).toBe('failed')
        expect(await store.enqueueRuns([newRun({ uniqueKey: 'a' })])).toEqual([expect.anything()])
        const [row] = await under.sql<{ attempts: unknown[] }>(`SELECT attempts FROM sisy_task_run WHERE id = $1::uuid`, lease.id)
        expect(row?.attempts).toHaveLength(2)
      })

      test('keeps the newest 50 entries of its log', async () => {
        const lease = await claimed()
        for (let attempt = 1; attempt <= 53; attempt += 1) {
          await store.finishRuns(now, [{ ...lease, transition: ending(boom, { attempt, maxAttempts: 100 }) }])
        }
        const [row] = await under.sql<{ attempts: { attempt: number }[] }>(`SELECT attempts FROM sisy_task_run`)
        expect(row?.attempts.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 50 }, (_, n) => n + 4))
      })

      test('is rescued when its lease is over, and its old holder is refused', async () => {
        const lease = await claimed()
        await store.startRuns(now, [lease])
        expect(await rescueLostRuns(store, settableClock(later(59_999)))).toEqual([])
        const rescuers = [settableClock(later(60_001)), settableClock(later(60_001))]
        const rescued = await Promise.all(rescuers.map((clock) => rescueLostRuns(store, clock)))
        expect(rescued.flat()).toHaveLength(1)
        expect(await store.readRun(lease.id)).toMatchObject({ state: 'due', attempt: 1, lastEntry: { cause: 'lost' } })
        expect(await store.finishRuns(now, [{ ...lease, transition: ending({ kind: 'ok', result: 1 }) }])).toEqual([])
        expect(await stateOf(lease.id)).toBe('due')
      })

      test('that had not begun gets its attempt back when it is rescued', async () => {
        const lease = await claimed({ maxAttempts: 1 })
        await rescueLostRuns(store, settableClock(later(60_001)))
        expect(await store.readRun(lease.id)).toMatchObject({ state: 'due', attempt: 0, lastEntry: null })
      })

      test('is rescued by nobody who read it before it was renewed', async () => {
        const lease = await claimed()
        const [lost] = await store.readLostRuns(later(60_001), 10)
        await store.renewLeases(later(60_000), 60_000, [lease])
        const transition = ending({ kind: 'lost' })
        expect(lost?.leaseUntil).toEqual(later(60_000))
        expect(await store.finishRuns(now, [{ ...lease, leaseUntil: later(60_000), transition }])).toEqual([])
        expect(await stateOf(lease.id)).toBe('running')
      })

      test('is asked to end when it is cancelled, and told so by its renewal', async () => {
        const lease = await claimed()
        expect(await store.cancelRun(lease.id)).toBe('requested')
        expect(await stateOf(lease.id)).toBe('running')
        expect(await store.renewLeases(now, 60_000, [lease])).toEqual([{ id: lease.id, cancelRequested: true }])
        await store.finishRuns(now, [{ ...lease, transition: ending({ kind: 'cancelled' }) }])
        expect(await store.cancelRun(lease.id)).toBe('ended')
        expect(await store.cancelRun(randomUUID())).toBe('missing')
      })

      test('saves userdata to itself and to its task', async () => {
        const task = await store.writeTask(newTask)
        const id = newRunIds(now, 1)[0] ?? ''
        await store.runTask({ id: task.id }, id)
        const request = claim()
        await store.claimRuns(now, request)
        const lease = { id, leaseToken: request.leaseToken }
        expect(await store.saveUserdata(lease, { seen: 2 })).toBe(true)
        const [started] = await store.startRuns(now, [lease])
        expect(started?.task).toMatchObject({ id: task.id, userdata: { seen: 2 } })
      })
    })

    describe('retryRun', () => {
      test('makes an ended run due again with all its attempts', async () => {
        const run = newRun({ uniqueKey: 'a' })
        await store.enqueueRuns([run])
        expect(await store.retryRun(run.id)).toEqual({ refused: 'unfinished', state: 'due' })
        await store.cancelRun(run.id)
        expect(await store.retryRun(run.id)).toMatchObject({ id: run.id, state: 'due' })
        expect(await store.readRun(run.id)).toMatchObject({ attempt: 0 })
        expect(await store.retryRun(randomUUID())).toEqual({ refused: 'missing' })
      })

      test('is refused while another unfinished run holds its key', async () => {
        const [old, held] = [newRun({ uniqueKey: 'a' }), newRun({ uniqueKey: 'a' })]
        await store.enqueueRuns([old])
        await store.cancelRun(old.id)
        await store.enqueueRuns([held])
        expect(await store.retryRun(old.id)).toEqual({ refused: 'active', activeKey: 'u:a' })
        expect(await stateOf(old.id)).toBe('cancelled')
      })
    })

    describe('stampTasks', () => {
      const stampOf = async (given: Partial<NewTask> = {}, runs = 1): Promise<Stamp> => {
        await store.writeTask({ ...newTask, ...given })
        const [read] = await store.readDueTasks(later(1), 10)
        if (read === undefined) throw new Error('no task is due')
        const columns = { lastRun: null, iterations: 0, endedAt: null, problem: null }
        return {
          read,
          runs: newRunIds(now, runs).map((id) => ({ id, dueAt: now })),
          stamped: { ...columns, nextRun: later(3_600_000), lastRun: now },
          skipped: { ...columns, nextRun: later(3_600_000) },
        }
      }

      test('inserts the run and advances the task', async () => {
        const stamp = await stampOf({ queue: 'mail', priority: 3, maxAttempts: 2, userdata: { a: 1 } })
        expect(await store.stampTasks(now, [stamp])).toEqual({ tasks: [stamp.read.id], runs: 1 })
        const claimed = await store.claimRuns(now, claim({ queue: 'mail' }))
        expect(claimed).toEqual([
          expect.objectContaining({ taskId: stamp.read.id, dueAt: now, maxAttempts: 2, userdata: { a: 1 } }),
        ])
        expect(await store.readDueTasks(later(1), 10)).toEqual([])
        expect((await store.lookAhead()).nextTask).toEqual(later(3_600_000))
      })

      test('happens once for many heartbeats', async () => {
        const stamp = await stampOf()
        const reports = await Promise.all(
          Array.from({ length: 6 }, () => store.stampTasks(now, [{ ...stamp, runs: newRunIds(now, 1).map((id) => ({ id, dueAt: now })) }])),
        )
        expect(reports.reduce((sum, { runs }) => sum + runs, 0)).toBe(1)
      })

      test('passes over a task that was edited since it was read', async () => {
        const stamp = await stampOf()
        await under.sql(`UPDATE sisy_task SET schedule = '7 * * * *'`)
        expect(await store.stampTasks(now, [stamp])).toEqual({ tasks: [], runs: 0 })
        expect(await store.readDueTasks(later(1), 10)).toHaveLength(1)
      })

      test('skips the instant of a task without overlap whose run is unfinished', async () => {
        const stamp = await stampOf({ allowOverlap: false })
        const runId = newRunIds(now, 1)[0] ?? ''
        await store.runTask({ id: stamp.read.id }, runId)
        expect(await store.stampTasks(now, [stamp])).toEqual({ tasks: [stamp.read.id], runs: 0 })
        const [row] = await under.sql(`SELECT "lastRun", "nextRun" FROM sisy_task`)
        expect(row).toEqual({ lastRun: null, nextRun: later(3_600_000) })
        expect(await store.runTask({ id: stamp.read.id }, newRunIds(now, 1)[0] ?? '')).toBe('active')
      })

      test('survives an insert of zero runs', async () => {
        const stamp = await stampOf({}, 0)
        expect(await store.stampTasks(now, [stamp])).toEqual({ tasks: [stamp.read.id], runs: 0 })
        expect((await store.lookAhead()).nextTask).toEqual(later(3_600_000))
      })
    })

    test('runTask finds a task by id or key, or not at all', async () => {
      const task = await store.writeTask({ ...newTask, key: 'k' })
      const ids = newRunIds(now, 3)
      expect(await store.runTask({ key: 'k' }, ids[0] ?? '')).toMatchObject({ id: ids[0], state: 'due' })
      expect(await store.runTask({ id: task.id }, ids[1] ?? '')).toMatchObject({ id: ids[1] })
      expect(await store.runTask({ key: 'nope' }, ids[2] ?? '')).toBe('missing')
    })

    test('rows written by plain SQL are planned once, unless edited meanwhile', async () => {
      await under.sql(`INSERT INTO sisy_task (callable, label) VALUES ('work', 'work'), ('work', 'other')`)
      expect((await store.lookAhead()).unplanned).toBe(true)
      const read = await store.readUnplannedTasks(10)
      expect(read).toHaveLength(2)
      await under.sql(`UPDATE sisy_task SET timezone = 'Europe/Madrid' WHERE label = 'other'`)
      const plans = read.map((row) => ({ read: row, nextRun: later(1), endedAt: null, problem: null }))
      expect(await store.planTasks(plans)).toBe(1)
      expect(await store.planTasks(plans)).toBe(0)
      expect(await store.readUnplannedTasks(10)).toEqual([expect.objectContaining({ label: 'other' })])
    })

    test('a disabled task loses its next instant', async () => {
      await store.writeTask(newTask)
      expect((await store.lookAhead()).paused).toBe(false)
      await under.sql(`UPDATE sisy_task SET enabled = false`)
      expect((await store.lookAhead()).paused).toBe(true)
      expect(await store.unplanDisabledTasks()).toBe(1)
      expect(await store.readDueTasks(later(1), 10)).toEqual([])
      expect(await store.readUnplannedTasks(10)).toEqual([])
    })

    test('an ended task is reaped when its last run has ended; the run stays', async () => {
      const task = await store.writeTask(newTask)
      const runId = newRunIds(now, 1)[0] ?? ''
      await store.runTask({ id: task.id }, runId)
      await under.sql(`UPDATE sisy_task SET "endedAt" = now(), "nextRun" = NULL`)
      expect((await store.lookAhead()).ended).toBe(true)
      expect(await store.reapTasks(10)).toBe(0)
      await store.cancelRun(runId)
      expect(await store.reapTasks(10)).toBe(1)
      expect(await stateOf(runId)).toBe('cancelled')
    })

    test('deleting tasks cancels what has not begun and leaves what runs', async () => {
      const task = await store.writeTask(newTask)
      const ids = newRunIds(now, 2)
      await store.runTask({ id: task.id }, ids[0] ?? '')
      await store.claimRuns(now, claim())
      await store.runTask({ id: task.id }, ids[1] ?? '')
      expect(await store.deleteTasks([task.id, randomUUID()])).toBe(1)
      expect(await Promise.all(ids.map(stateOf))).toEqual(['running', 'cancelled'])
    })

    test('history is pruned by its own retention, in batches', async () => {
      const runs = [newRun(), newRun(), newRun()]
      await store.enqueueRuns(runs)
      await under.sql(`UPDATE sisy_task_run SET state = 'succeeded', "finishedAt" = '2029-12-30T00:00:00Z'`)
      await under.sql(`UPDATE sisy_task_run SET state = 'failed' WHERE id = $1::uuid`, runs[0]?.id)
      await store.enqueueRuns([newRun()])
      const before = { succeeded: new Date('2029-12-31T00:00:00Z'), failed: new Date('2029-12-18T00:00:00Z') }
      expect(await store.pruneRuns(before, 1)).toBe(1)
      expect(await store.pruneRuns(before, 10)).toBe(1)
      expect(await store.pruneRuns({ ...before, failed: now }, 10)).toBe(1)
      expect(await under.sql(`SELECT state FROM sisy_task_run`)).toEqual([{ state: 'due' }])
    })

    test('a worker has a row while it lives, and is forgotten later', async () => {
      const worker = { id: randomUUID(), host: 'h', pid: 7, concurrency: 2 }
      await store.registerWorker(now, worker)
      await store.touchWorker(later(1), worker.id, { runs: { ok: 1 } })
      await store.stopWorker(later(2), worker.id, { runs: { ok: 2 } })
      const [row] = await under.sql(`SELECT * FROM sisy_task_worker`)
      expect(row).toMatchObject({ ...worker, lastSeenAt: later(2), stoppedAt: later(2), metrics: { runs: { ok: 2 } } })
      expect(await store.pruneWorkers(later(2))).toBe(0)
      expect(await store.pruneWorkers(later(3))).toBe(1)
    })

    test('looks ahead over several queues and priorities', async () => {
      const inAnHour = Date.now() + 3_600_000
      const at = (ms: number) => new Date(inAnHour + ms)
      await store.enqueueRuns([
        newRun({ dueAt: at(5), queue: 'b', priority: 1 }),
        newRun({ dueAt: at(2), queue: 'b', priority: -1 }),
        newRun({ dueAt: at(9), queue: 'a' }),
        newRun({ queue: 'z' }),
        newRun({ queue: 'c' }),
        newRun({ queue: 'c' }),
      ])
      const ahead = await store.lookAhead()
      expect(ahead).toMatchObject({ dueQueues: ['c', 'z'], nextScheduled: at(2), nextTask: null, nextLeaseEnd: null })
      expect(await store.promoteRuns(at(5), 10)).toBe(2)
      expect((await store.lookAhead()).nextScheduled).toEqual(at(9))
    })
  })
}
