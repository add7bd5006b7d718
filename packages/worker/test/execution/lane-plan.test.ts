import { expect, test } from '@jest/globals'
import { resolveSettings } from '@sisy/core/internal'
import {
  describeLanes,
  inlineSlots,
  planLanes,
  slotsOf,
  timeoutOfQueue,
} from '../../src/execution/lane-plan.js'

const workerOf = (worker: object) =>
  resolveSettings({ file: { prisma: {}, worker }, path: 'test', texts: [] }).worker

test('queues share one lane unless they are executed in their own way', () => {
  const worker = workerOf({
    processes: 4,
    maxMemory: '512mb',
    timeoutSeconds: 60,
    perQueue: {
      short: { timeoutSeconds: 1 },
      reports: { processes: 1, maxMemory: '2gb' },
      mails: { inline: true },
    },
  })
  const plans = planLanes(worker)
  expect(plans.map(({ queue }) => queue)).toEqual([null, 'reports', 'mails'])
  expect(plans[1]?.limits).toMatchObject({ processes: 1, concurrency: 1, maxMemory: 2 * 1024 ** 3 })
  // Its own limit has its own share.
  expect(plans[1]?.limits.recycleMemory).toBeUndefined()
  expect(plans[2]).toMatchObject({ inline: true, limits: { concurrency: 10 } })
  expect([slotsOf(plans), inlineSlots(plans)]).toEqual([4 + 1 + 10, 10])
  expect(describeLanes(plans)).toBe(
    'up to 1 at once in each of 4 child processes; those of queue reports up to 1 at once in each of 1 child processes; those of queue mails up to 10 at once inline',
  )
  expect(['short', 'reports'].map((queue) => timeoutOfQueue(worker, queue))).toEqual([1, 60])
})

test('a worker has no lane for queues that it does not serve', () => {
  const perQueue = { reports: { processes: 1 }, mails: { inline: true } }
  expect(planLanes(workerOf({ queues: ['mails'], perQueue })).map(({ queue }) => queue)).toEqual(['mails'])
  expect(planLanes(workerOf({ queues: ['mails', 'default'], perQueue })).map(({ queue }) => queue)).toEqual([
    null,
    'mails',
  ])
})
