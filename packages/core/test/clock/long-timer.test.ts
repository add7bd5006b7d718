import { expect, test } from '@jest/globals'
import { settableClock } from '@sisy/test-kit'
import { longestTimerMs, longTimer } from '../../src/clock/long-timer.js'

/** A clock whose timers are like Node's: one that is too long fires at once. */
function shortTimers() {
  const clock = settableClock('2030-01-01T00:00:00Z')
  const after = longTimer({
    monotonic: () => clock.monotonic(),
    after: (ms, callback) => clock.after(ms > longestTimerMs ? 1 : ms, callback),
  })
  return { clock, after }
}

const hundredDays = 100 * 86_400_000

test.each([0, 1, longestTimerMs, longestTimerMs + 1, hundredDays])(
  'calls back after %d ms, not before',
  (ms) => {
    const { clock, after } = shortTimers()
    let calls = 0
    after(ms, () => (calls += 1))
    const step = 3_600_000
    while (clock.monotonic() + step < ms) clock.advance(step)
    clock.advance(Math.max(0, ms - clock.monotonic() - 1))
    expect(calls).toBe(ms === 0 ? 1 : 0)
    clock.advance(1)
    expect(calls).toBe(1)
    expect(clock.pending).toBe(0)
  },
)

test('takes a delay that is over for none, and one without end for never', () => {
  const { clock, after } = shortTimers()
  const calls: string[] = []
  after(-5, () => calls.push('over'))
  const cancel = after(Infinity, () => calls.push('never'))
  clock.advance(0)
  for (let turn = 0; turn < 5; turn += 1) clock.advance(longestTimerMs)
  expect(calls).toEqual(['over'])
  expect(clock.pending).toBe(1)
  cancel()
  expect(clock.pending).toBe(0)
})

test('is cancelled in its first part and in a later one, and harmlessly after its end', () => {
  const { clock, after } = shortTimers()
  let calls = 0
  const count = () => (calls += 1)
  after(hundredDays, count)()
  const cancel = after(hundredDays, count)
  clock.advance(longestTimerMs)
  cancel()
  expect(clock.pending).toBe(0)
  const ended = after(1, count)
  clock.advance(hundredDays)
  ended()
  expect(calls).toBe(1)
})
