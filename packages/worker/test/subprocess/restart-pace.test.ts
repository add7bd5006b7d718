import { expect, test } from '@jest/globals'
import { createRestartPace } from '../../src/subprocess/restart-pace.js'

test('without failures all that are missing may be started', () => {
  const pace = createRestartPace(() => 1)
  expect(pace.allowed(0, 8, 0)).toBe(8)
  expect(pace.notBefore).toBeNull()
})

test('after a failure one scout is started, after a delay that doubles up to 30 s', () => {
  const pace = createRestartPace(() => 1)
  const delays = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
  for (const [index, delay] of delays.entries()) {
    pace.failed(10_000)
    expect(pace.failures).toBe(index + 1)
    expect(pace.notBefore).toBe(10_000 + delay)
    expect(pace.allowed(10_000 + delay - 1, 8, 0)).toBe(0)
    expect(pace.allowed(10_000 + delay, 8, 0)).toBe(1)
    expect(pace.allowed(10_000 + delay, 8, 1)).toBe(0)
    expect(pace.allowed(10_000 + delay, 0, 0)).toBe(0)
  }
})

test('the delay is spread by a quarter', () => {
  const pace = createRestartPace(() => 0)
  pace.failed(0)
  expect(pace.notBefore).toBe(375)
})

test('a child that proves itself ends the trouble', () => {
  const pace = createRestartPace(() => 1)
  pace.failed(0)
  pace.failed(0)
  pace.proved()
  expect(pace.failures).toBe(0)
  expect(pace.allowed(0, 3, 0)).toBe(3)
  pace.failed(0)
  expect(pace.notBefore).toBe(500)
})
