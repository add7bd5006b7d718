import { expect, test } from '@jest/globals'
import { frequencyWarning } from '../../src/schedule/frequency-warning.js'

test.each([
  [
    '* * * * * *',
    60_000,
    'instants 1 s apart, but no task runs more often than once per heartbeat: it will run at most every 60 s',
  ],
  ['* * * * * 0,20,30', 15_000, 'instants 10 s apart'],
  ['*/2 * * * * 0', 300_000, 'instants 120 s apart'],
])('%s with a period of %i ms', (schedule, periodMs, warning) => {
  expect(frequencyWarning(schedule, periodMs)).toContain(warning)
})

test.each([
  ['* * * * *', 300_000],
  ['* * * * * 30', 60_000],
  ['* * * * * 0,30', 30_000],
  ['0 12 * * * 7', 300_000],
])('nothing to tell about %s with a period of %i ms', (schedule, periodMs) => {
  expect(frequencyWarning(schedule, periodMs)).toBeNull()
})
