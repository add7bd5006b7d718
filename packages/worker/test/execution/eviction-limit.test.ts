import { expect, test } from '@jest/globals'
import type { Outcome } from '@sisy/core/internal'
import { createEvictionLimit } from '../../src/execution/eviction-limit.js'

const run = { id: 'a', callable: 'innocent' }
const other = { id: 'b', callable: 'other' }
const evicted: Outcome = { kind: 'evicted' }
const ok: Outcome = { kind: 'ok', result: null }

test('a run that is evicted three times in a row has crashed', () => {
  const limit = createEvictionLimit()
  expect(limit.judge(run, evicted, 1)).toBe(evicted)
  expect(limit.judge(other, evicted, 1)).toBe(evicted)
  expect(limit.judge(run, evicted, 2)).toBe(evicted)
  expect(limit.judge(run, evicted, 3)).toMatchObject({
    kind: 'crashed',
    error: {
      code: 'RUN_CRASHED',
      message: expect.stringContaining('the last 3 processes that ran innocent'),
    },
  })
  expect(limit.judge(run, evicted, 4)).toBe(evicted)
})

test('another end, or an eviction before it began, is no part of the row', () => {
  const limit = createEvictionLimit()
  for (const between of [ok, evicted]) {
    expect(limit.judge(run, evicted, 1)).toBe(evicted)
    expect(limit.judge(run, evicted, 2)).toBe(evicted)
    expect(limit.judge(run, between, between === ok ? 3 : null)).toBe(between)
  }
})
