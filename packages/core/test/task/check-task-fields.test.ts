import { expect, test } from '@jest/globals'
import { InvalidScheduleError, InvalidTaskError, InvalidTimezoneError } from '../../src/errors/errors.js'
import type { TaskFields } from '../../src/task/check-task-fields.js'
import { checkTaskFields } from '../../src/task/check-task-fields.js'

test.each<TaskFields>([
  {},
  { schedule: undefined, iterations: undefined, backoff: undefined },
  { schedule: '30 0 * * *', timezone: 'Europe/Madrid' },
  { iterations: 0, misfire: 'all', misfireLimit: 1, misfireWindow: 0, jitterSeconds: 0, allowOverlap: true },
  { misfireWindow: null, timeoutSeconds: null, backoff: null, startRunning: null, endRunning: null },
  { queue: 'mail', priority: -5, maxAttempts: 1, timeoutSeconds: 1, onMissingRecord: 'delete' },
  { key: null, label: '' },
  { key: 'é'.repeat(500), queue: 'x'.repeat(1000) },
  { backoff: {} },
  { backoff: { baseMs: 1, factor: 1, maxMs: 10.5 } },
  { startRunning: new Date('2026-01-01T00:00Z'), endRunning: '2026-01-01T01:00:00+00:30' },
  { startRunning: '2026-01-01T00:00Z' },
])('accepts %p', (data) => {
  expect(() => {
    checkTaskFields(data)
  }).not.toThrow()
})

test.each<[TaskFields, string]>([
  [{ iterations: -1 }, 'iterations is -1; give a whole number, 0 for no limit.'],
  [{ iterations: 1.5 }, 'iterations is 1.5'],
  [{ iterations: null }, 'iterations is null'],
  [{ iterations: '3' }, "iterations is '3'"],
  [{ misfire: 'onse' }, "misfire is 'onse'; give 'once' or 'skip' or 'all'."],
  [{ misfire: 'aLl' }, 'Did you mean "all"?'],
  [{ misfireLimit: 0 }, 'misfireLimit is 0'],
  [{ misfireWindow: -1 }, 'misfireWindow is -1'],
  [{ jitterSeconds: Infinity }, 'jitterSeconds is Infinity'],
  [{ jitterSeconds: 2 ** 31 }, 'jitterSeconds is 2147483648'],
  [{ maxAttempts: 0 }, 'maxAttempts is 0'],
  [{ timeoutSeconds: 0 }, 'timeoutSeconds is 0'],
  [{ priority: 2 ** 31 }, 'priority is 2147483648; give a whole number -2147483648 to 2147483647.'],
  [{ queue: ' ' }, "queue is ' '"],
  [{ queue: 'x'.repeat(1001) }, 'give a text that is not empty, of at most 1000 bytes and without NUL.'],
  [{ queue: 'a\0b' }, 'queue is '],
  [{ key: '' }, "key is ''"],
  [{ key: 'é'.repeat(501) }, 'of at most 1000 bytes'],
  [{ label: 'half \ud800' }, 'label is '],
  [{ onMissingRecord: 'ignore' }, "onMissingRecord is 'ignore'; give 'fail' or 'delete'."],
  [{ backoff: { baseMs: 0 } }, 'backoff is { baseMs: 0 }'],
  [{ backoff: { factor: 0.5 } }, 'backoff is { factor: 0.5 }'],
  [{ backoff: { base: 5 } }, 'backoff is { base: 5 }'],
  [{ backoff: [1] }, 'backoff is [ 1 ]'],
  [
    { startRunning: '2026-01-01' },
    "startRunning is '2026-01-01'; give a Date, or an ISO string with an offset",
  ],
  [
    { startRunning: new Date('2026-01-02T00:00Z'), endRunning: new Date('2026-01-02T00:00Z') },
    'endRunning is 2026-01-02T00:00:00.000Z, not after startRunning 2026-01-02T00:00:00.000Z',
  ],
  [{ misfire: 'all', allowOverlap: false }, "misfire is 'all', but allowOverlap is false"],
  [{ schedule: 5 }, 'schedule is 5'],
])('refuses %p', (data, message) => {
  const check = () => {
    checkTaskFields(data)
  }
  expect(check).toThrow(InvalidTaskError)
  expect(check).toThrow(message)
})

test('a schedule and a zone have errors of their own', () => {
  expect(() => {
    checkTaskFields({ schedule: '61 * * * *' })
  }).toThrow(InvalidScheduleError)
  expect(() => {
    checkTaskFields({ timezone: 'Europe/Madird' })
  }).toThrow(InvalidTimezoneError)
})

test('the error carries field and value', () => {
  expect(() => {
    checkTaskFields({ misfireLimit: 0 })
  }).toThrow(expect.objectContaining({ code: 'INVALID_TASK', facts: { field: 'misfireLimit', value: 0 } }))
})
