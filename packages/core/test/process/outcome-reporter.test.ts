import { describe, expect, test } from '@jest/globals'
import { outcomeReporter, type OnOutcome, type Outcome, type OutcomeRun } from '@sisy/core/internal'
import { recordedLog } from '@sisy/test-kit'
import { setImmediate } from 'node:timers/promises'

const run: OutcomeRun = {
  runId: 'r1',
  taskId: null,
  label: 'Renewal',
  callable: 'subscription.renew',
  queue: 'default',
  attempt: 1,
  maxAttempts: 5,
  state: 'scheduled',
}
const outcome: Outcome = { kind: 'error', error: { name: 'Error', message: 'no connection' } }

describe('outcomeReporter', () => {
  test('tells the app of the run and its outcome', () => {
    const told: unknown[] = []
    const { logger, messages } = recordedLog()
    outcomeReporter((...given) => told.push(given), logger)(run, outcome)
    expect(told).toEqual([[run, outcome]])
    expect(messages).toEqual([])
  })

  test.each<[string, OnOutcome]>([
    [
      'throws',
      () => {
        throw new Error('no tracker')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no tracker'))],
    ['rejects late', () => setImmediate().then(() => Promise.reject(new Error('no tracker')))],
  ])('logs what the app %s with, and throws nothing itself', async (_, onOutcome) => {
    const { logger, messages } = recordedLog()
    outcomeReporter(onOutcome, logger)(run, outcome)
    await setImmediate()
    await setImmediate()
    expect(messages).toEqual([
      'onOutcome failed when told of Renewal (run r1); the run is not affected: no tracker',
    ])
  })

  test('tells nobody when nobody is to be told', () => {
    const { logger, messages } = recordedLog()
    outcomeReporter(undefined, logger)(run, outcome)
    expect(messages).toEqual([])
  })
})
