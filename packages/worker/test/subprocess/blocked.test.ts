import { expect, test } from '@jest/globals'
import { settableClock, type SettableClock } from '@sisy/test-kit'
import { openPool } from './open-pool.js'
import { isAlive } from './processes.js'

const openClock = () => settableClock('2026-01-01T00:00:00Z')

/** So much time goes by that no child gets a chance to answer in. */
function pass(clock: SettableClock, seconds: number): void {
  for (let second = 0; second < seconds; second += 1) clock.advance(1_000)
}

test('a blocked event loop is told of once, and so is its end', async () => {
  const clock = openClock()
  await using test = openPool({ clock })
  const [began, gate] = [test.file('began'), test.file('gate')]
  const run = test.pool.begin(
    { do: 'beginsAndBlocks', began: began.path, file: gate.path },
    { name: 'blocker' },
  )
  const pid = Number(await began.written())
  const blocked = test.next('blocked')
  pass(clock, 3)
  expect(await blocked).toEqual({ slot: 0, pid, ms: 2_000, runs: ['blocker'] })
  pass(clock, 100)
  expect(isAlive(pid)).toBe(true)
  expect(test.pool.free).toBe(0)
  const unblocked = test.next('unblocked')
  gate.write()
  expect(await unblocked).toMatchObject({ slot: 0, pid, ms: 102_000 })
  expect(await run.ended).toMatchObject({ kind: 'ok', pid })
  expect(test.told).toEqual(['ready', 'blocked', 'unblocked'])
})

test('a blocked child counts as alive until its timeout', async () => {
  const clock = openClock()
  await using test = openPool({ clock, graceMs: 5_000 })
  const began = test.file('began')
  const run = test.pool.begin(
    { do: 'beginsAndBlocks', began: began.path, file: '/nowhere' },
    { timeoutMs: 60_000 },
  )
  const pid = Number(await began.written())
  pass(clock, 64)
  expect(isAlive(pid)).toBe(true)
  pass(clock, 2)
  expect(await run.ended).toMatchObject({
    kind: 'aborted',
    pid,
    durationMs: 66_000,
    reason: { code: 'POOL_TIMEOUT' },
  })
  expect((await run.ended).blockedMs).toBeGreaterThan(60_000)
})

test('a child that is blocked while it runs nothing is replaced', async () => {
  const clock = openClock()
  await using test = openPool({ clock })
  await test.pool.run({ do: 'blocksAfterwards' })
  const [pid] = test.pids
  const end = test.next('ended')
  pass(clock, 7)
  expect(await end).toMatchObject({ pid, cause: 'stuck', signal: 'SIGKILL', runs: [] })
  expect(await test.pool.run({ do: 'pid' })).toBe(test.pids[1])
})

test('a run that was sent to a child that never begins it runs in another', async () => {
  const clock = openClock()
  await using test = openPool({ clock })
  await test.ready(1)
  process.kill(test.pids[0]!, 'SIGSTOP')
  const run = test.pool.begin({ do: 'pid' })
  const end = test.next('ended')
  pass(clock, 7)
  expect(await end).toMatchObject({ cause: 'stuck', runs: ['run 1'] })
  expect(await run.ended).toMatchObject({ kind: 'ok', value: test.pids[1] })
})

test('a supervisor that was held up itself reports no child as blocked', async () => {
  const clock = openClock()
  await using test = openPool({ clock })
  await test.ready(1)
  process.kill(test.pids[0]!, 'SIGSTOP')
  pass(clock, 1)
  clock.advance(60_000)
  pass(clock, 1)
  expect(test.told).toEqual(['ready'])
  // From then on it owes an answer as before.
  pass(clock, 1)
  expect(test.told).toEqual(['ready', 'blocked'])
})

test('a child that answers is never told of', async () => {
  const clock = openClock()
  await using test = openPool({ clock })
  await test.ready(1)
  for (let second = 0; second < 20; second += 1) {
    clock.advance(1_000)
    // It answers pings in order with runs.
    await test.pool.run({ do: 'returns' })
  }
  expect(test.told).toEqual(['ready'])
})
