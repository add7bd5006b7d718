import { expect, test } from '@jest/globals'
import { createLiveness } from '../../../src/subprocess/child/liveness.js'

test('it asks again when it has been answered', () => {
  const liveness = createLiveness()
  expect(liveness.lagMs).toBeNull()
  expect(liveness.turn(0)).toBe('ask')
  expect(liveness.answered(30)).toBe(0)
  expect(liveness.lagMs).toBe(30)
  expect(liveness.turn(1_000)).toBe('ask')
})

test('who owes an answer for two seconds is blocked, until it answers', () => {
  const liveness = createLiveness()
  liveness.turn(0)
  expect(liveness.turn(1_999)).toBe('wait')
  expect(liveness.blockedMs(1_999)).toBe(0)
  expect(liveness.turn(2_000)).toBe('blocked')
  expect(liveness.blockedMs(2_500)).toBe(2_500)
  expect(liveness.answered(3_000)).toBe(3_000)
  expect(liveness.blockedMs(3_000)).toBe(0)
  expect(liveness.lagMs).toBe(3_000)
})

test('what is owed is counted anew when the supervisor was held up', () => {
  const liveness = createLiveness()
  liveness.turn(0)
  liveness.forgive(60_000)
  expect(liveness.turn(61_999)).toBe('wait')
  expect(liveness.turn(62_000)).toBe('blocked')
})

test('who owes nothing is forgiven nothing', () => {
  const liveness = createLiveness()
  liveness.forgive(1_000)
  expect(liveness.blockedMs(60_000)).toBe(0)
  expect(liveness.turn(60_000)).toBe('ask')
})
