import { describe, expect, test } from '@jest/globals'
import { decideTransition, type DecidedRun, type Outcome } from '@sisy/core/internal'

const now = new Date('2030-01-01T00:00:10Z')
const run: DecidedRun = {
  attempt: 2,
  maxAttempts: 3,
  backoff: { baseMs: 1_000, factor: 3 },
  onMissingRecord: 'fail',
  startedAt: new Date('2030-01-01T00:00:08Z'),
  workerId: 'w',
  pid: 7,
  peakMemory: null,
  cpuMs: null,
  output: [],
}
const last = { ...run, attempt: 3 }
const error = { name: 'Error', message: 'boom' }
const entry = {
  attempt: 2,
  workerId: 'w',
  pid: 7,
  startedAt: '2030-01-01T00:00:08.000Z',
  endedAt: '2030-01-01T00:00:10.000Z',
  durationMs: 2_000,
}
const unchanged = {
  dueAt: null,
  attempt: 2,
  result: null,
  entry: null,
  deleteTask: false,
  peakMemory: null,
  cpuMs: null,
}
const later = (ms: number) => new Date(now.getTime() + ms)

describe('decideTransition', () => {
  test.each<[string, Outcome, DecidedRun, object]>([
    [
      'a return',
      { kind: 'ok', result: { a: 1 } },
      run,
      { ...unchanged, state: 'succeeded', result: { a: 1 } },
    ],
    [
      'an error',
      { kind: 'error', error },
      run,
      { ...unchanged, state: 'scheduled', dueAt: later(1_500), entry: { ...entry, cause: 'error', error } },
    ],
    [
      'an error in the last attempt',
      { kind: 'error', error },
      last,
      { ...unchanged, attempt: 3, state: 'failed', entry: { ...entry, attempt: 3, cause: 'error', error } },
    ],
    [
      'a timeout',
      { kind: 'timeout', error },
      run,
      { ...unchanged, state: 'scheduled', dueAt: later(1_500), entry: { ...entry, cause: 'timeout', error } },
    ],
    [
      'more memory than its limit',
      { kind: 'memory', error },
      run,
      { ...unchanged, state: 'scheduled', dueAt: later(1_500), entry: { ...entry, cause: 'memory', error } },
    ],
    [
      'more memory than its limit in the last attempt',
      { kind: 'memory', error },
      last,
      { ...unchanged, attempt: 3, state: 'failed', entry: { ...entry, attempt: 3, cause: 'memory', error } },
    ],
    [
      'the death of its process',
      { kind: 'crashed', error, exitCode: null, signal: 'SIGKILL' },
      run,
      {
        ...unchanged,
        state: 'scheduled',
        dueAt: later(1_500),
        entry: { ...entry, cause: 'crashed', error, signal: 'SIGKILL' },
      },
    ],
    [
      'the exit of its process in the last attempt',
      { kind: 'crashed', error, exitCode: 0, signal: null },
      last,
      {
        ...unchanged,
        attempt: 3,
        state: 'failed',
        entry: { ...entry, attempt: 3, cause: 'crashed', error, exitCode: 0 },
      },
    ],
    [
      'a missing record',
      { kind: 'missing', error },
      run,
      { ...unchanged, state: 'failed', entry: { ...entry, cause: 'missing', error } },
    ],
    [
      'a missing record of a task that goes with it',
      { kind: 'missing', error },
      { ...run, onMissingRecord: 'delete' },
      { ...unchanged, state: 'cancelled', deleteTask: true, entry: { ...entry, cause: 'missing', error } },
    ],
    [
      'Discard',
      { kind: 'discard', reason: 'no use' },
      run,
      { ...unchanged, state: 'failed', entry: { ...entry, cause: 'discard', reason: 'no use' } },
    ],
    [
      'Snooze',
      { kind: 'snooze', ms: 5 },
      run,
      { ...unchanged, state: 'scheduled', attempt: 1, dueAt: later(5) },
    ],
    [
      'a cancel',
      { kind: 'cancelled' },
      run,
      { ...unchanged, state: 'cancelled', entry: { ...entry, cause: 'cancelled' } },
    ],
    ['a shutdown', { kind: 'shutdown' }, run, { ...unchanged, state: 'due', attempt: 1 }],
    ['an eviction', { kind: 'evicted' }, run, { ...unchanged, state: 'due', attempt: 1 }],
    [
      'a lost lease',
      { kind: 'lost' },
      run,
      { ...unchanged, state: 'due', entry: { ...entry, cause: 'lost' } },
    ],
    [
      'a lost lease in the last attempt',
      { kind: 'lost' },
      last,
      { ...unchanged, attempt: 3, state: 'failed', entry: { ...entry, attempt: 3, cause: 'lost' } },
    ],
    [
      'a lost lease before anything began',
      { kind: 'lost' },
      { ...last, startedAt: null },
      { ...unchanged, attempt: 2, state: 'due' },
    ],
  ])('after %s', (_, outcome, decided, transition) => {
    expect(decideTransition(outcome, decided, now, 0.5)).toEqual(transition)
  })

  test('tells nothing of a worker that is not known, nor of a start that was not', () => {
    const { entry: told } = decideTransition(
      { kind: 'cancelled' },
      { ...run, workerId: null, pid: null, startedAt: null },
      now,
      0,
    )
    expect(told).toEqual({ attempt: 2, cause: 'cancelled', endedAt: now.toISOString() })
  })

  test('keeps what is known of the process, in whole numbers, and text the database can hold', () => {
    const known = { ...run, peakMemory: 1024.5, cpuMs: 12.4, output: ['a\0', 'b'] }
    const figures = { peakMemory: 1025, cpuMs: 12 }
    expect(decideTransition({ kind: 'error', error }, known, now, 0.5)).toMatchObject({
      ...figures,
      entry: { ...entry, cause: 'error', error, ...figures, output: ['a\u2400', 'b'] },
    })
    expect(decideTransition({ kind: 'ok', result: null }, known, now, 0.5)).toMatchObject(figures)
  })

  test('never goes beyond the dates a database can hold', () => {
    const { dueAt } = decideTransition({ kind: 'snooze', ms: Number.MAX_VALUE }, run, now, 0)
    expect(dueAt?.getUTCFullYear()).toBe(2129)
  })
})
