import { expect, test } from '@jest/globals'
import { settableClock } from '@sisy/test-kit'
import { createRescuePause } from '../../src/run/rescue-pause.js'

const leaseMs = 60_000

test('lost runs may be looked for at once, and after a clock that was moved a little', () => {
  const pause = createRescuePause(settableClock('2030-01-01T00:00:00Z'), leaseMs)
  expect(pause.isOver).toBe(true)
  pause.measured(1_000)
  pause.measured(-1_000)
  expect(pause.isOver).toBe(true)
})

test.each([3_600_000, -3_600_000])(
  'after a clock that was moved by %d ms they may be looked for when half a lease is over',
  (movedMs) => {
    const clock = settableClock('2030-01-01T00:00:00Z')
    const pause = createRescuePause(clock, leaseMs)
    pause.measured(movedMs)
    clock.advance(leaseMs / 2 - 1)
    pause.measured(0)
    expect(pause.isOver).toBe(false)
    clock.advance(1)
    expect(pause.isOver).toBe(true)
  },
)
