import { describe, expect, test } from '@jest/globals'
import { firstRun } from '../../src/schedule/first-run.js'
import { createInstantCache } from '../../src/schedule/instant-cache.js'
import type { PlannedTask } from '../../src/schedule/planned-task.js'
import { at, plannedTask } from './planned-task.js'

const now = at('10:20')
const plan = (columns: Partial<PlannedTask>, from = now) =>
  firstRun(plannedTask(columns), { now, from, instantsOf: createInstantCache() })
const planned = (nextRun: Date) => ({ nextRun, endedAt: null, problem: null })
const ended = { nextRun: null, endedAt: now, problem: null }

describe('a task that waits for its schedule', () => {
  test('begins with the next instant', () => {
    expect(plan({})).toEqual(planned(at('11:00')))
  })

  test('never with the instant it is planned from', () => {
    expect(plan({}, at('10:00'))).toEqual(planned(at('11:00')))
  })

  test('in its own zone', () => {
    expect(plan({ schedule: '0 9 * * *', timezone: 'America/New_York' })).toEqual(planned(at('13:00')))
  })

  test('at startRunning, when that is an instant', () => {
    expect(plan({ startRunning: at('14:00') })).toEqual(planned(at('14:00')))
  })

  test('after startRunning, when that is none', () => {
    expect(plan({ startRunning: at('14:00:00.001') })).toEqual(planned(at('15:00')))
  })

  test('now, when startRunning is past', () => {
    expect(plan({ startRunning: at('01:00') })).toEqual(planned(at('11:00')))
  })

  test('not again with an instant that was stamped', () => {
    expect(plan({ lastRun: at('11:00') })).toEqual(planned(at('12:00')))
  })
})

describe('a task that does not wait', () => {
  test('begins at once', () => {
    expect(plan({ waitForSchedule: false })).toEqual(planned(now))
  })

  test('at startRunning, whether or not that is an instant', () => {
    expect(plan({ waitForSchedule: false, startRunning: at('14:07') })).toEqual(planned(at('14:07')))
  })

  test('by its schedule once it has run', () => {
    expect(plan({ waitForSchedule: false, lastRun: at('09:00') })).toEqual(planned(at('11:00')))
  })
})

describe('a task without a first run', () => {
  test.each([
    ['endRunning before the next instant', { endRunning: at('10:59') }],
    ['endRunning at the next instant', { endRunning: at('11:00') }],
    ['endRunning past, though it would start at once', { endRunning: at('10:19'), waitForSchedule: false }],
  ])('ends: %s', (_, columns) => {
    expect(plan(columns)).toEqual(ended)
  })

  test('has one when endRunning is later', () => {
    expect(plan({ endRunning: at('11:00:00.001') })).toEqual(planned(at('11:00')))
  })

  test('stays unplanned while it is disabled', () => {
    expect(plan({ enabled: false, schedule: 'whatever' })).toEqual({
      nextRun: null,
      endedAt: null,
      problem: null,
    })
  })

  test.each([
    [{ queue: 'q'.repeat(9_600) }, 'queue'],
    [{ schedule: '61 * * * *' }, 'minute field "61" is out of range 0-59 in "61 * * * *"'],
    [{ schedule: '61 * * * *', waitForSchedule: false }, 'minute field "61"'],
    [{ timezone: 'Mars' }, 'timezone "Mars" is not an IANA time zone'],
    [{ iterations: -1 }, 'iterations is -1'],
    [{ misfire: 'never' as 'skip' }, "misfire is 'never'"],
    [{ misfire: 'all' as const, allowOverlap: false }, "misfire is 'all', but allowOverlap is false"],
    [
      { startRunning: at('12:00'), endRunning: at('11:00') },
      'endRunning is 2026-05-04T11:00:00.000Z, not after',
    ],
  ])('says what is wrong: %p', (columns, problem) => {
    expect(plan(columns)).toEqual({ nextRun: null, endedAt: null, problem: expect.stringContaining(problem) })
  })
})
