import { expect, test } from '@jest/globals'
import {
  outcomeOfExit,
  outcomeOfThrow,
  type ChildEnd,
} from '../../../src/subprocess/child/outcome-of-exit.js'
import type { ChildEndCause } from '../../../src/subprocess/pool-outcome.js'

type Run = Parameters<typeof outcomeOfExit>[0]

const running: Run = { number: 1, begun: true, aborted: null, told: null }
const crash: ChildEnd = {
  cause: 'crashed',
  exitCode: 7,
  signal: null,
  residentBytes: null,
  culprit: null,
  uncaught: null,
}
const thrown = new Error('nobody caught it')

test.each<[string, Partial<Run>, Partial<ChildEnd>, unknown]>([
  ['its process exits', {}, {}, { kind: 'crashed', exitCode: 7, signal: null }],
  [
    'its process gets a signal',
    {},
    { exitCode: null, signal: 'SIGSEGV' },
    { kind: 'crashed', exitCode: null, signal: 'SIGSEGV' },
  ],
  [
    'its own exception',
    {},
    { culprit: 1, uncaught: { thrown } },
    { kind: 'crashed', exitCode: 7, signal: null, thrown },
  ],
  [
    'an exception of whoever it is',
    {},
    { uncaught: { thrown } },
    { kind: 'crashed', exitCode: 7, signal: null, thrown },
  ],
  ['an exception of another', {}, { culprit: 2, uncaught: { thrown } }, { kind: 'evicted' }],
  ['another exits', {}, { culprit: 2 }, { kind: 'evicted' }],
  [
    'its process holds too much',
    {},
    { cause: 'memory', residentBytes: 30 },
    { kind: 'memory', residentBytes: 30, maxMemory: 20 },
  ],
  ['it was aborted', { aborted: { reason: 'late' } }, {}, { kind: 'aborted', reason: 'late' }],
  [
    'it was aborted, and holds too much',
    { aborted: { reason: 'late' } },
    { cause: 'memory' },
    { kind: 'aborted', reason: 'late' },
  ],
  ['it had not begun', { begun: false }, {}, null],
  [
    'it had not begun, and was aborted',
    { begun: false, aborted: { reason: 0 } },
    {},
    { kind: 'aborted', reason: 0 },
  ],
  [
    'it had told how it ended',
    {
      told: { outcome: { kind: 'error', thrown }, end: { kind: 'threw', run: 1, ms: 0, cpuUs: 0 } },
      aborted: { reason: 'late' },
    },
    {},
    { kind: 'error', thrown },
  ],
])('%s', (_, run, end, outcome) => {
  expect(outcomeOfExit({ ...running, ...run }, { ...crash, ...end }, 20)).toEqual(outcome)
})

test.each<ChildEndCause>(['overrun', 'stuck', 'stopped', 'recycled-memory', 'recycled-runs'])(
  'a run whose process had to go is evicted: %s',
  (cause) => {
    expect(outcomeOfExit(running, { ...crash, cause }, null)).toEqual({ kind: 'evicted' })
  },
)

test('what a run throws is its error, or the cause of its abort', () => {
  expect(outcomeOfThrow({ aborted: null }, thrown)).toEqual({ kind: 'error', thrown })
  expect(outcomeOfThrow({ aborted: { reason: 'late' } }, thrown)).toEqual({ kind: 'aborted', reason: 'late' })
})
