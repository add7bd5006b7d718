import { z } from 'zod'
import { defined } from '../json/defined.js'
import * as defaults from './defaults.js'
import { memorySize } from './memory-size.js'
import { amount, group, text, wholeNumber, wholeNumberOrNone } from './setting-rules.js'

const largestInteger = 2_147_483_647

/** What can be set for one queue too. */
const execution = {
  processes: wholeNumber(1, 256),
  inline: z.boolean('true or false'),
  concurrency: wholeNumber(1, 1000),
  timeoutSeconds: wholeNumberOrNone(1, largestInteger),
  maxMemory: memorySize(64),
  // Less than that of `maxMemory`, since its default is a share of it.
  recycleMemory: memorySize(32),
  memoryCheckIntervalMs: amount(50, 60_000, 'milliseconds'),
  maxRunsPerChild: wholeNumberOrNone(1, largestInteger),
}

/** The group `worker.perQueue.<queue>`, as it is given. */
export const queueGroup = group({
  processes: execution.processes.exactOptional(),
  inline: execution.inline.exactOptional(),
  concurrency: execution.concurrency.exactOptional(),
  timeoutSeconds: execution.timeoutSeconds.exactOptional(),
  maxMemory: execution.maxMemory.exactOptional(),
  recycleMemory: execution.recycleMemory.exactOptional(),
  memoryCheckIntervalMs: execution.memoryCheckIntervalMs.exactOptional(),
  maxRunsPerChild: execution.maxRunsPerChild.exactOptional(),
})

const perQueue = z.record(
  z.string(),
  z.preprocess((given) => (isGroup(given) ? defined(given) : given), queueGroup),
  'an object with a member for each queue',
)

/** The group `worker`, as it is given. */
export const workerGroup = group({
  processes: execution.processes.default(defaults.defaultProcesses),
  inline: execution.inline.default(false),
  concurrency: execution.concurrency.optional(),
  queues: z.array(text('a name'), 'a list of names').min(1, 'at least one name').optional(),
  timeoutSeconds: execution.timeoutSeconds.default(null),
  maxMemory: execution.maxMemory.default(null),
  recycleMemory: execution.recycleMemory.optional(),
  memoryCheckIntervalMs: execution.memoryCheckIntervalMs.default(defaults.defaultMemoryCheckIntervalMs),
  maxRunsPerChild: execution.maxRunsPerChild.default(null),
  perQueue: perQueue.default({}),
  leaseSeconds: amount(5, 3600, 'seconds').default(defaults.defaultLeaseSeconds),
  pollSeconds: amount(0.1, 60, 'seconds').optional(),
  drainSeconds: amount(0, 86_400, 'seconds').default(defaults.defaultDrainSeconds),
  graceSeconds: amount(0, 3600, 'seconds').default(defaults.defaultGraceSeconds),
  metricsPort: wholeNumberOrNone(0, 65_535).default(null),
  metricsHost: text('a host name or an address').default(defaults.defaultMetricsHost),
})

/** The group `worker`, filled and checked across its members. */
export const workerSettings = workerGroup
  .superRefine((worker, context) => {
    refuseLatePolls(worker, context)
    const own = { name: 'worker', maxMemory: worker.maxMemory }
    refuseLateRecycling(worker.recycleMemory, own, ['recycleMemory'], context)
    for (const [queue, given] of Object.entries(worker.perQueue)) {
      const { maxMemory } = given
      const limit = maxMemory === undefined ? own : { name: `worker.perQueue.${queue}`, maxMemory }
      refuseLateRecycling(given.recycleMemory, limit, ['perQueue', queue, 'recycleMemory'], context)
    }
  })
  .transform((worker) => ({
    ...worker,
    concurrency: worker.concurrency ?? defaults.defaultConcurrency(worker.inline ? 'inline' : 'child'),
    recycleMemory:
      worker.recycleMemory === undefined
        ? defaults.defaultRecycleMemory(worker.maxMemory)
        : worker.recycleMemory,
  }))

interface Limit {
  /** Of the group that gives it. */
  readonly name: string
  readonly maxMemory: number | null
}

function refuseLatePolls(
  { pollSeconds, leaseSeconds }: { pollSeconds?: number | undefined; leaseSeconds: number },
  context: z.RefinementCtx,
): void {
  if (pollSeconds === undefined || pollSeconds < leaseSeconds) return
  const message = `less than worker.leaseSeconds (${leaseSeconds})`
  context.addIssue({ code: 'custom', path: ['pollSeconds'], message })
}

function refuseLateRecycling(
  recycleMemory: number | null | undefined,
  { name, maxMemory }: Limit,
  path: string[],
  context: z.RefinementCtx,
): void {
  if (recycleMemory === null || recycleMemory === undefined || maxMemory === null) return
  if (recycleMemory < maxMemory) return
  context.addIssue({ code: 'custom', path, message: `less than ${name}.maxMemory (${maxMemory} bytes)` })
}

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
