import { expect, test } from '@jest/globals'
import { explainedRuns, type ClockEffect } from '../../src/schedule/explained-runs.js'

type Row = [schedule: string, timezone: string, after: string, effects: (ClockEffect | null)[]]

const moved = (skipped: string): ClockEffect => ({ kind: 'moved', skipped })
const once: ClockEffect = { kind: 'once' }
const first: ClockEffect = { kind: 'first' }
const second: ClockEffect = { kind: 'second' }

test.each<Row>([
  ['30 2 * * *', 'UTC', '2026-03-28T12:00Z', [null, null]],
  ['30 2 * * *', 'Europe/Madrid', '2026-03-28T12:00Z', [moved('2026-03-29T02:30:00'), null]],
  ['30 * * * *', 'Europe/Madrid', '2026-03-29T00:00Z', [null, null, null]],
  ['59 1,3 * * *', 'Europe/Madrid', '2026-03-29T00:00Z', [null, null]],
  // 02:30 is skipped and moved to 03:30, which matches by itself.
  ['0,30 2,3 * * *', 'Europe/Madrid', '2026-03-29T00:59Z', [null, null, null]],
  ['0 9 30 12 *', 'Pacific/Apia', '2011-12-01T00:00Z', [moved('2011-12-30T09:00:00'), null]],
  ['30 0 * * *', 'America/Asuncion', '2023-09-30T12:00Z', [moved('2023-10-01T00:30:00'), null]],
  ['*/30 1-3 * * *', 'Europe/Madrid', '2026-10-24T23:30Z', [once, once, null, null, null]],
  ['*/30 * * * *', 'Europe/Madrid', '2026-10-24T23:30Z', [first, first, second, second, null]],
  ['45 1 * * *', 'Australia/Lord_Howe', '2026-04-04T00:00Z', [once, null]],
  ['15,45 * * * *', 'Australia/Lord_Howe', '2026-04-04T14:00Z', [null, first, second, null]],
  ['0 0 * * *', 'Africa/Cairo', '2026-10-28T12:00Z', [null, null]],
  ['30 23 * * *', 'Africa/Cairo', '2026-10-29T12:00Z', [once, null]],
])('%s in %s after %s', (schedule, timezone, after, effects) => {
  const runs = explainedRuns(schedule, { timezone, after, count: effects.length })
  expect(runs.map(({ clockEffect }) => clockEffect)).toEqual(effects)
})
