import { describe, expect, test } from '@jest/globals'
import type { NewTask, Stamp } from '@sisy/core/internal'
import { randomUUID } from 'node:crypto'
import {
  claimRequest,
  later,
  newRun,
  newTask,
  now,
  newRunId,
  newRunIds,
  type StoreUnderTest,
} from './fixtures.js'

/** What a heartbeat asks of the store. */
export function heartbeatStatements(under: StoreUnderTest): void {
  const stateOf = async (id: string) => (await under.store.readRun(id))?.state

  describe('stampTasks', () => {
    const stampOf = async (given: Partial<NewTask> = {}, runs = 1): Promise<Stamp> => {
      await under.store.writeTask({ ...newTask, ...given })
      const [read] = await under.store.readDueTasks(later(1), { limit: 10, except: [] })
      if (read === undefined) throw new Error('no task is due')
      const columns = { lastRun: null, iterations: 0, endedAt: null, problem: null }
      return {
        read,
        runs: newRunIds(runs).map((id) => ({ id, dueAt: now })),
        stamped: { ...columns, nextRun: later(3_600_000), lastRun: now },
        skipped: { ...columns, nextRun: later(3_600_000) },
      }
    }

    test('inserts the run and advances the task', async () => {
      const stamp = await stampOf({ queue: 'mail', priority: 3, maxAttempts: 2, userdata: { a: 1 } })
      expect(await under.store.stampTasks(now, [stamp])).toEqual({ tasks: [stamp.read.id], runs: 1 })
      const { runs: claimed } = await under.store.claimRuns(now, claimRequest({ queue: 'mail' }))
      expect(claimed).toEqual([
        expect.objectContaining({ taskId: stamp.read.id, dueAt: now, maxAttempts: 2, userdata: { a: 1 } }),
      ])
      expect(await under.store.readDueTasks(later(1), { limit: 10, except: [] })).toEqual([])
      expect((await under.store.lookAhead()).nextTask).toEqual(later(3_600_000))
    })

    test('happens once for many heartbeats', async () => {
      const stamp = await stampOf()
      const reports = await Promise.all(
        Array.from({ length: 6 }, () =>
          under.store.stampTasks(now, [{ ...stamp, runs: newRunIds(1).map((id) => ({ id, dueAt: now })) }]),
        ),
      )
      expect(reports.reduce((sum, { runs }) => sum + runs, 0)).toBe(1)
    })

    test.each([
      `schedule = '7 * * * *'`,
      `timezone = 'Asia/Tokyo'`,
      `"lastRun" = 'infinity'`,
      `"endRunning" = '-infinity'`,
      `iterations = 7`,
      `"jitterSeconds" = 5`,
      `userdata = '{"b": 2}'`,
    ])('passes over a task that was edited since it was read: %s', async (edit) => {
      const stamp = await stampOf()
      await under.sql(`UPDATE sisy_task SET ${edit}`)
      expect(await under.store.stampTasks(now, [stamp])).toEqual({ tasks: [], runs: 0 })
      expect(await under.store.readDueTasks(later(1), { limit: 10, except: [] })).toHaveLength(1)
    })

    test('takes neither a run that was enqueued nor a lock that was held since the reading for an edit', async () => {
      const stamp = await stampOf()
      await under.store.runTask({ id: stamp.read.id }, newRunId())
      await under.sql(`SELECT FROM sisy_task FOR UPDATE`)
      expect(await under.store.stampTasks(now, [stamp])).toEqual({ tasks: [stamp.read.id], runs: 1 })
    })

    test('skips the instant of a task without overlap whose run is unfinished', async () => {
      const stamp = await stampOf({ allowOverlap: false })
      const runId = newRunId()
      await under.store.runTask({ id: stamp.read.id }, runId)
      expect(await under.store.stampTasks(now, [stamp])).toEqual({ tasks: [stamp.read.id], runs: 0 })
      const [row] = await under.sql(`SELECT "lastRun", "nextRun" FROM sisy_task`)
      expect(row).toEqual({ lastRun: null, nextRun: later(3_600_000) })
      expect(await under.store.runTask({ id: stamp.read.id }, newRunId())).toEqual({
        refused: 'active',
        activeKey: `t:${stamp.read.id}`,
      })
    })

    test('survives an insert of zero runs', async () => {
      const stamp = await stampOf({}, 0)
      expect(await under.store.stampTasks(now, [stamp])).toEqual({ tasks: [stamp.read.id], runs: 0 })
      expect((await under.store.lookAhead()).nextTask).toEqual(later(3_600_000))
    })
  })

  test('rows written by plain SQL are planned once, unless edited meanwhile', async () => {
    await under.sql(`INSERT INTO sisy_task (callable, label) VALUES ('work', 'work'), ('work', 'other')`)
    expect((await under.store.lookAhead()).unplanned).toBe(true)
    const read = await under.store.readUnplannedTasks({ limit: 10, except: [] })
    expect(read).toHaveLength(2)
    await under.sql(`UPDATE sisy_task SET timezone = 'Europe/Madrid' WHERE label = 'other'`)
    const plans = read.map((row) => ({ read: row, nextRun: later(1), endedAt: null, problem: null }))
    expect(await under.store.planTasks(plans)).toBe(1)
    expect(await under.store.planTasks(plans)).toBe(0)
    expect(await under.store.readUnplannedTasks({ limit: 10, except: [] })).toEqual([
      expect.objectContaining({ label: 'other' }),
    ])
  })

  test('a disabled task loses its next instant', async () => {
    await under.store.writeTask(newTask)
    expect((await under.store.lookAhead()).paused).toBe(false)
    await under.sql(`UPDATE sisy_task SET enabled = false`)
    expect((await under.store.lookAhead()).paused).toBe(true)
    expect(await under.store.unplanDisabledTasks()).toBe(1)
    expect(await under.store.readDueTasks(later(1), { limit: 10, except: [] })).toEqual([])
    expect(await under.store.readUnplannedTasks({ limit: 10, except: [] })).toEqual([])
  })

  test('an ended task is reaped when its last run has ended; the run stays', async () => {
    const task = await under.store.writeTask(newTask)
    const runId = newRunId()
    await under.store.runTask({ id: task.id }, runId)
    await under.sql(`UPDATE sisy_task SET "endedAt" = now(), "nextRun" = NULL`)
    expect((await under.store.lookAhead()).ended).toBe(true)
    expect(await under.store.reapTasks(10)).toBe(0)
    await under.store.cancelRun(runId)
    expect(await under.store.reapTasks(10)).toBe(1)
    expect(await stateOf(runId)).toBe('cancelled')
  })

  test('history is pruned by its own retention, in batches', async () => {
    const runs = [newRun(), newRun(), newRun()]
    await under.store.enqueueRuns(runs)
    await under.sql(`UPDATE sisy_task_run SET state = 'succeeded', "finishedAt" = '2029-12-30T00:00:00Z'`)
    await under.sql(`UPDATE sisy_task_run SET state = 'failed' WHERE id = $1::uuid`, runs[0]?.id)
    await under.store.enqueueRuns([newRun()])
    const before = { succeeded: new Date('2029-12-31T00:00:00Z'), failed: new Date('2029-12-18T00:00:00Z') }
    expect(await under.store.pruneRuns(before, 1)).toBe(1)
    expect(await under.store.pruneRuns(before, 10)).toBe(1)
    expect(await under.store.pruneRuns({ ...before, failed: now }, 10)).toBe(1)
    expect(await under.sql(`SELECT state FROM sisy_task_run`)).toEqual([{ state: 'due' }])
  })

  test('a worker has a row while it lives, and is forgotten later', async () => {
    const worker = { id: randomUUID(), host: 'h', pid: 7, concurrency: 2 }
    await under.store.registerWorker(now, worker)
    await under.store.touchWorker(later(1), worker.id, { runs: { ok: 1 } })
    await under.store.stopWorker(later(2), worker.id, { runs: { ok: 2 } })
    const [row] = await under.sql(`SELECT * FROM sisy_task_worker`)
    expect(row).toMatchObject({
      ...worker,
      lastSeenAt: later(2),
      stoppedAt: later(2),
      metrics: { runs: { ok: 2 } },
    })
    expect(await under.store.pruneWorkers(later(2))).toBe(0)
    expect(await under.store.pruneWorkers(later(3))).toBe(1)
  })

  test('looks ahead over several queues and priorities', async () => {
    const inAnHour = Date.now() + 3_600_000
    const at = (ms: number) => new Date(inAnHour + ms)
    await under.store.enqueueRuns([
      newRun({ dueAt: at(5), queue: 'b', priority: 1 }),
      newRun({ dueAt: at(2), queue: 'b', priority: -1 }),
      newRun({ dueAt: at(9), queue: 'a' }),
      newRun({ queue: 'z' }),
      newRun({ queue: 'c' }),
      newRun({ queue: 'c' }),
    ])
    const ahead = await under.store.lookAhead()
    expect(ahead).toMatchObject({
      dueQueues: ['c', 'z'],
      nextScheduled: at(2),
      nextTask: null,
      nextLeaseEnd: null,
    })
    expect(await under.store.promoteRuns(at(5), 10)).toBe(2)
    expect((await under.store.lookAhead()).nextScheduled).toEqual(at(9))
  })
}
