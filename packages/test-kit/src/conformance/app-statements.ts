import { describe, expect, test } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { claimRequest, later, newRun, newTask, now, newRunIds, type StoreUnderTest } from './fixtures.js'

/** What the app's process asks of the store. */
export function appStatements(under: StoreUnderTest): void {
  const stateOf = async (id: string) => (await under.store.readRun(id))?.state

  describe('writeTask', () => {
    test('inserts a task and returns its row', async () => {
      const row = await under.store.writeTask({ ...newTask, userdata: { months: 1 }, startRunning: now })
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
      const first = await under.store.writeTask({ ...keyed, userdata: { kept: true } })
      await under.sql(`UPDATE sisy_task SET iterations = 2, enabled = true`)
      const second = await under.store.writeTask({ ...keyed, priority: 7, nextRun: later(999) })
      expect(second).toMatchObject({ id: first.id, userdata: { kept: true }, iterations: 2, priority: 7 })
      expect(second.nextRun).toEqual(first.nextRun)
      const third = await under.store.writeTask({ ...keyed, schedule: '5 * * * *', nextRun: later(999) })
      expect(third).toMatchObject({ id: first.id, iterations: 3, nextRun: later(999) })
    })

    test('lifts a problem, since it mends the row', async () => {
      const keyed = { ...newTask, key: 'k' }
      await under.store.writeTask(keyed)
      await under.sql(
        `UPDATE sisy_task SET misfire = 'nonsense', problem = 'misfire is nonsense', "nextRun" = NULL`,
      )
      expect(await under.store.writeTask(keyed)).toMatchObject({ problem: null, nextRun: newTask.nextRun })
    })

    test('does not resume a task that an operator disabled', async () => {
      const keyed = { ...newTask, key: 'k' }
      await under.store.writeTask(keyed)
      await under.sql(`UPDATE sisy_task SET enabled = false, "nextRun" = NULL`)
      expect(await under.store.writeTask(keyed)).toMatchObject({ enabled: false, nextRun: null })
      expect(await under.store.writeTask({ ...keyed, enabled: true })).toMatchObject({
        enabled: true,
        nextRun: newTask.nextRun,
      })
    })

    test('many writers of one key make one row', async () => {
      const rows = await Promise.all(
        Array.from({ length: 8 }, () => under.store.writeTask({ ...newTask, key: 'k' })),
      )
      expect(new Set(rows.map(({ id }) => id)).size).toBe(1)
    })
  })

  describe('enqueueRuns', () => {
    test('makes past and present runs due, future ones scheduled, in the order given', async () => {
      const soon = new Date(Date.now() + 3_600_000)
      const written = await under.store.enqueueRuns([newRun(), newRun({ dueAt: soon }), newRun()])
      expect(written.map((run) => run?.state)).toEqual(['due', 'scheduled', 'due'])
      expect(written[1]?.dueAt).toEqual(soon)
    })

    test('leaves out a run whose unique key is held, until the holder has ended', async () => {
      const first = newRun({ uniqueKey: 'a' })
      expect(
        await under.store.enqueueRuns([first, newRun({ uniqueKey: 'a' }), newRun({ uniqueKey: 'b' })]),
      ).toEqual([expect.objectContaining({ id: first.id }), null, expect.anything()])
      expect(await under.store.cancelRun(first.id)).toBe('cancelled')
      expect(await under.store.enqueueRuns([newRun({ uniqueKey: 'a' })])).toEqual([expect.anything()])
    })
  })

  describe('retryRun', () => {
    test('makes an ended run due again with all its attempts', async () => {
      const run = newRun({ uniqueKey: 'a' })
      await under.store.enqueueRuns([run])
      expect(await under.store.retryRun(run.id)).toEqual({ refused: 'unfinished', state: 'due' })
      await under.store.cancelRun(run.id)
      expect(await under.store.retryRun(run.id)).toMatchObject({ id: run.id, state: 'due' })
      expect(await under.store.readRun(run.id)).toMatchObject({ attempt: 0 })
      expect(await under.store.retryRun(randomUUID())).toEqual({ refused: 'missing' })
    })

    test('is refused while another unfinished run holds its key', async () => {
      const [old, held] = [newRun({ uniqueKey: 'a' }), newRun({ uniqueKey: 'a' })]
      await under.store.enqueueRuns([old])
      await under.store.cancelRun(old.id)
      await under.store.enqueueRuns([held])
      expect(await under.store.retryRun(old.id)).toEqual({ refused: 'active', activeKey: 'u:a' })
      expect(await stateOf(old.id)).toBe('cancelled')
    })
  })

  test('runTask finds a task by id or key, or not at all', async () => {
    const task = await under.store.writeTask({ ...newTask, key: 'k' })
    const ids = newRunIds(3)
    expect(await under.store.runTask({ key: 'k' }, ids[0] ?? '')).toMatchObject({ id: ids[0], state: 'due' })
    expect(await under.store.runTask({ id: task.id }, ids[1] ?? '')).toMatchObject({ id: ids[1] })
    expect(await under.store.runTask({ key: 'nope' }, ids[2] ?? '')).toEqual({ refused: 'missing' })
  })

  test('deleting tasks cancels what has not begun and leaves what runs', async () => {
    const task = await under.store.writeTask(newTask)
    const ids = newRunIds(2)
    await under.store.runTask({ id: task.id }, ids[0] ?? '')
    await under.store.claimRuns(now, claimRequest())
    await under.store.runTask({ id: task.id }, ids[1] ?? '')
    expect(await under.store.deleteTasks([task.id, randomUUID()])).toBe(1)
    expect(await Promise.all(ids.map(stateOf))).toEqual(['running', 'cancelled'])
  })
}
