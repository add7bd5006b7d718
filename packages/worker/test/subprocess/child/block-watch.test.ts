import { expect, test } from '@jest/globals'
import { createBlockWatch } from '../../../src/subprocess/child/block-watch.js'

const ignore = (): void => undefined

test('asks a child in each turn while it runs something, else every five seconds', () => {
  const asked: number[] = []
  let busy = false
  let now = 0
  const watch = createBlockWatch({
    graceMs: 5_000,
    ask: () => {
      asked.push(now)
      watch.answered(now)
    },
    names: () => [],
    onBlocked: ignore,
    onUnblocked: ignore,
    runsSomething: () => busy,
    hasAbandoned: () => false,
    onStuck: ignore,
    onOverrun: ignore,
  })
  for (now = 0; now < 20_000; now += 1_000) {
    busy = now >= 12_000 && now <= 14_000
    watch.turn(now, 'insist')
  }
  expect(asked).toEqual([0, 5_000, 10_000, 12_000, 13_000, 14_000, 19_000])
})
