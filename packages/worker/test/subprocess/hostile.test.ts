import { expect, test } from '@jest/globals'
import { openPool } from './open-pool.js'

test('a value whose JSON is too long to be sent fails its run, and nothing else', async () => {
  await using test = openPool()
  await test.ready(1)
  const long = test.pool.run({ do: 'returns', value: '\u0001'.repeat(100_000_000) })
  const next = test.pool.run({ do: 'returns', value: 2 })
  await expect(long).rejects.toThrow(/string length/)
  expect(await next).toBe(2)
  // Hundreds of megabytes take a busy machine their time.
}, 120_000)

test('a child that has its last run is replaced while that goes on', async () => {
  await using test = openPool({ concurrency: 2, maxRunsPerChild: 2 })
  const [began, gate] = [test.file('began'), test.file('gate')]
  const slow = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: gate.path })
  await began.written()
  await test.pool.run({ do: 'returns' })
  // The slow one is still there, in a child that takes no more.
  const third = await test.pool.begin({ do: 'returns' }).ended
  gate.write()
  const first = await slow.ended
  expect([first.kind, third.kind]).toEqual(['ok', 'ok'])
  expect(third.pid).not.toBe(first.pid)
  expect(third.slot).not.toBe(first.slot)
})
