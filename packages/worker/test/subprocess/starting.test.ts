import { expect, test } from '@jest/globals'
import { settableClock, type SettableClock } from '@sisy/test-kit'
import { PoolStartError, type PoolOptions } from '@sisy/worker/pool'
import { openPool } from './open-pool.js'

const startTimeoutMs = 12_345

/** A settable clock that remembers when processes were started, by the timer of their start. */
function startsClock(): { readonly clock: SettableClock; readonly starts: readonly number[] } {
  const clock = settableClock('2026-01-01T00:00:00Z')
  const starts: number[] = []
  const after: SettableClock['after'] = (ms, callback) => {
    if (ms === startTimeoutMs) starts.push(clock.monotonic())
    return clock.after(ms, callback)
  }
  // What `clock` counts must be read from `clock` itself.
  return { clock: Object.create(clock, { after: { value: after } }) as SettableClock, starts }
}

const at = (name: string) => new URL(name, import.meta.url)

const troubles: [string, Partial<PoolOptions>, string][] = [
  ['does not exist', { module: at('no-such-module.mjs') }, 'Cannot find module'],
  ['has no function', { module: at('module-without-function.mjs') }, 'no function as its default export'],
  ['throws in its set-up', { data: { setup: 'throws' } }, 'the cellar is flooded'],
  ['exits during its set-up', { data: { setup: 'exits', code: 3 } }, 'it ended with exit code 3'],
]

test.each(troubles)('a module that %s: told once, after three attempts', async (_, options, said) => {
  const { clock, starts } = startsClock()
  await using test = openPool({ processes: 4, clock, startTimeoutMs, ...options })
  const failed = test.next('failed')
  const run = test.pool.run({ do: 'returns' })
  const start = test.pool.start()
  run.catch(() => undefined)
  start.catch(() => undefined)

  await test.next('ended')
  clock.advance(374)
  expect(starts).toHaveLength(1)
  clock.advance(126)
  expect(starts).toHaveLength(2)
  await test.next('ended')
  clock.advance(749)
  expect(starts).toHaveLength(2)
  clock.advance(251)
  const error = await failed
  expect(starts).toHaveLength(3)
  expect(error).toBeInstanceOf(PoolStartError)
  expect(error.message).toContain(said)
  expect(error.facts).toMatchObject({ attempts: 3 })
  await expect(start).rejects.toBe(error)
  await expect(run).rejects.toBe(error)
  await expect(test.pool.run({ do: 'returns' })).rejects.toBe(error)
  await test.pool.room()
  expect(test.told).toEqual(['ended', 'ended', 'ended', 'failed'])
  expect(test.ends.map(({ cause }) => cause)).toEqual(['start-failed', 'start-failed', 'start-failed'])
  expect(clock.pending).toBe(0)
})

test('a module that never gets ready: one process at a time, none left', async () => {
  const { clock, starts } = startsClock()
  await using test = openPool({ processes: 4, clock, startTimeoutMs, data: { setup: 'hangs' } })
  const start = test.pool.start()
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const end = test.next('ended')
    expect(starts).toHaveLength(attempt)
    clock.advance(startTimeoutMs)
    expect(await end).toMatchObject({ cause: 'start-failed', signal: 'SIGKILL' })
    expect(starts).toHaveLength(attempt)
    clock.advance(attempt * 500)
  }
  await expect(start).rejects.toMatchObject({
    code: 'POOL_START',
    cause: { message: 'it was not ready after 12.345 s' },
  })
  expect(clock.pending).toBe(0)
})

test('a module that can be loaded later: the pool recovers', async () => {
  const clock = settableClock('2026-01-01T00:00:00Z')
  await using other = openPool()
  const file = other.file('what it needs')
  await using test = openPool({ processes: 2, clock, data: { setup: 'needs', file: file.path } })
  const run = test.pool.run({ do: 'returns', value: 'at last' })
  expect(await test.next('ended')).toMatchObject({ cause: 'start-failed', error: { message: 'not yet' } })
  file.write()
  clock.advance(500)
  expect(await run).toBe('at last')
  await test.ready(2)
  expect(test.ends).toHaveLength(1)
})

test('children that die as soon as they are ready are not started over and over', async () => {
  const { clock, starts } = startsClock()
  await using test = openPool({ clock, startTimeoutMs, data: { setup: 'diesSoon' } })
  await test.pool.start()
  for (const longest of [500, 1_000, 2_000, 4_000]) {
    expect(await test.next('ended')).toMatchObject({
      cause: 'crashed',
      error: { message: 'died of boredom' },
    })
    const before = starts.length
    clock.advance(longest * 0.75 - 1)
    expect(starts).toHaveLength(before)
    const ready = test.next('ready')
    clock.advance(longest * 0.25 + 1)
    expect(starts).toHaveLength(before + 1)
    await ready
  }
})

test('of several children that do not last, only one is tried again at a time', async () => {
  const { clock, starts } = startsClock()
  await using test = openPool({ processes: 3, clock, startTimeoutMs, data: { setup: 'diesSoon' } })
  await test.ready(3)
  while (test.ends.length < 3) await test.next('ended')
  expect(starts).toHaveLength(3)
  clock.advance(30_000)
  expect(starts).toHaveLength(4)
})

test('start() and room() end when the pool is stopped before a child is ready', async () => {
  await using test = openPool({ data: { setup: 'hangs' }, maxQueued: 0 })
  const [start, room] = [test.pool.start(), test.pool.room()]
  start.catch(() => undefined)
  await test.pool.stopNow()
  await expect(start).rejects.toMatchObject({ code: 'POOL_STOPPED' })
  await room
})
