import { expect, test } from '@jest/globals'
import { settableClock } from '@sisy/test-kit'
import { openPool, type TestPool } from './open-pool.js'
import { isAlive } from './processes.js'

const mebibyte = 2 ** 20
/** Nothing is measured but by hand: what is known comes from the children's own reports. */
const unmeasured = { memoryCheckIntervalMs: 3_600_000 }

test('a burst that is freed again is a run that went well, with its true peak', async () => {
  const limits = { maxMemory: 400 * mebibyte, recycleMemory: 300 * mebibyte }
  await using test = openPool({ ...limits, execArgv: ['--expose-gc'] })
  const { kind, peakMemory, pid } = await test.pool.begin({ do: 'frees', megabytes: 200 }).ended
  expect(kind).toBe('ok')
  expect(peakMemory).toBeGreaterThan(200 * mebibyte)
  const next = await test.pool.begin({ do: 'returns' }).ended
  expect(next).toMatchObject({ kind: 'ok', pid })
  expect(next.peakMemory).toBeLessThan(200 * mebibyte)
})

test('what a burst between two checks kept is no fault of the next run', async () => {
  await using test = openPool({ maxMemory: 200 * mebibyte, ...unmeasured })
  const end = test.next('ended')
  const [burst, next] = await Promise.all([
    test.pool.begin({ do: 'keeps', megabytes: 250 }).ended,
    test.pool.begin({ do: 'pid' }).ended,
  ])
  expect(burst).toMatchObject({ kind: 'ok', value: 250 })
  expect(burst.peakMemory).toBeGreaterThan(250 * mebibyte)
  expect(next).toMatchObject({ kind: 'ok' })
  expect(next.pid).not.toBe(burst.pid)
  expect(await end).toMatchObject({ cause: 'recycled-memory', pid: burst.pid, exitCode: 0, runs: [] })
})

test('among several runs at once a child that holds too much is retired, not killed', async () => {
  await using test = openPool({ concurrency: 2, recycleMemory: 200 * mebibyte })
  const [began, gate] = [test.file('began'), test.file('gate')]
  const other = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: gate.path, value: 'done' })
  const pid = Number(await began.written())
  await test.pool.run({ do: 'keeps', megabytes: 200 })
  expect(await test.pool.run({ do: 'pid' })).not.toBe(pid)
  gate.write()
  expect(await other.ended).toMatchObject({ kind: 'ok', value: 'done', pid })
})

test('a child that grows while it runs nothing is replaced', async () => {
  await using test = openPool({ recycleMemory: 200 * mebibyte })
  const end = test.next('ended')
  await test.pool.run({ do: 'keepsAfterwards', megabytes: 200 })
  expect(await end).toMatchObject({ cause: 'recycled-memory' })
})

test('a limit below what a fresh child holds is told once, and does not replace it after every run', async () => {
  await using test = openPool({ recycleMemory: mebibyte, processes: 2 })
  const tight = test.next('tight')
  await test.ready(2)
  expect(await tight).toMatchObject({ recycleMemory: mebibyte, residentBytes: expect.any(Number) })
  for (let run = 0; run < 10; run += 1) await test.pool.run({ do: 'returns' })
  expect(test.told).toEqual(['tight', 'ready', 'ready'])
  // A leak still shows.
  await test.pool.run({ do: 'keeps', megabytes: 200 })
  await test.pool.run({ do: 'returns' })
  expect(test.told.filter((name) => name === 'tight')).toHaveLength(1)
  await test.pool.stop()
  expect(test.ends.map(({ cause }) => cause)).toContain('recycled-memory')
})

test('a child is replaced after maxRunsPerChild runs', async () => {
  await using test = openPool({ maxRunsPerChild: 3 })
  const runs = Array.from({ length: 8 }, () => test.pool.run({ do: 'pid' }))
  const pids = await Promise.all(runs)
  expect(pids).toEqual([0, 0, 0, 1, 1, 1, 2, 2].map((index) => test.pids[index]))
  await test.pool.stop()
  // Which of the last two is gone first is the system's business.
  const ends = test.ends.map(({ cause, exitCode }) => `${cause} ${exitCode}`)
  expect(ends.toSorted()).toEqual(['recycled-runs 0', 'recycled-runs 0', 'stopped 0'])
})

test('retired children that linger do not pile up', async () => {
  await using test = openPool({ concurrency: 2, maxRunsPerChild: 2 })
  const [first, second] = [await fillChild(test, 'first'), await fillChild(test, 'second')]
  expect(test.pids).toHaveLength(2)
  // Both wait for a run that does not end: a third has to wait until one has gone.
  const waiting = test.pool.begin({ do: 'pid' })
  first.gate.write()
  expect(await first.run.ended).toMatchObject({ kind: 'ok' })
  expect((await waiting.ended).pid).toBe(test.pids[2])
  expect(isAlive(test.pids[0]!)).toBe(false)
  second.gate.write()
  expect(await second.run.ended).toMatchObject({ kind: 'ok' })
})

/** Gives a child a run that lasts and one that does not, its last. */
async function fillChild(test: TestPool, name: string) {
  const [began, gate] = [test.file(`${name} began`), test.file(`${name} gate`)]
  const run = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: gate.path })
  await began.written()
  await test.pool.run({ do: 'returns' })
  return { run, gate }
}

test('children are measured from outside, also while they are blocked', async () => {
  await using test = openPool()
  const [began, gate] = [test.file('began'), test.file('gate')]
  const run = test.pool.begin({ do: 'beginsAndBlocks', began: began.path, file: gate.path })
  const pid = Number(await began.written())
  const first = await test.next('measured')
  const second = await test.next('measured')
  expect(first.pid).toBe(pid)
  expect(second.cpuMs).toBeGreaterThan(first.cpuMs)
  expect(second.residentBytes).toBeGreaterThan(10 * mebibyte)
  gate.write()
  const ended = await run.ended
  expect(ended.cpuMs).toBeGreaterThan(second.cpuMs - first.cpuMs)
})

test('a run that is killed has the use that was measured last', async () => {
  const clock = settableClock('2026-01-01T00:00:00Z')
  await using test = openPool({ clock })
  const began = test.file('began')
  const run = test.pool.begin({ do: 'beginsAndBlocks', began: began.path, file: '/nowhere' })
  await began.written()
  const measured = test.next('measured')
  clock.advance(50)
  const { residentBytes, peakBytes } = await measured
  run.kill(new Error('enough'))
  const ended = await run.ended
  expect(ended).toMatchObject({ kind: 'aborted', reason: { message: 'enough' }, durationMs: 50 })
  expect([residentBytes, peakBytes]).toContain(ended.peakMemory)
  expect(ended.cpuMs).toBeGreaterThanOrEqual(0)
})
