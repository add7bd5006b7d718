import type { Contender } from './contender.js'

const program = (name: string): URL => new URL(`../programs/${name}.mjs`, import.meta.url)
const peer = (name: string): URL => new URL(`../peers/${name}.mjs`, import.meta.url)

const sisy = { kind: 'ours', module: program('sisy'), store: 'postgresql' } as const
const graphile = { kind: 'peer', module: peer('graphile-worker'), store: 'postgresql' } as const
const pgBoss = { kind: 'peer', module: peer('pg-boss'), store: 'postgresql' } as const
const bullMq = { kind: 'peer', module: peer('bullmq'), store: 'redis' } as const

/** Ours, as it comes; nothing but where user code runs is set. */
export const ours: Contender = {
  ...sisy,
  name: 'sisy --inline',
  settings: { worker: { inline: true } },
  told: 'defaults, which log a line for each run',
}

/** Ours, with user code in child processes. */
export const pools: readonly Contender[] = [
  {
    ...sisy,
    name: 'sisy, 2 children',
    settings: { worker: { processes: 2 } },
    told: '2 child processes, else defaults',
  },
  {
    ...sisy,
    name: 'sisy, 2 children × 16',
    settings: { worker: { processes: 2, concurrency: 16 } },
    told: '2 child processes with concurrency 16',
  },
]

/** Ours, where PostgreSQL keeps the plans of the app's statements. */
export const oursNamed: Contender = {
  ...ours,
  name: 'sisy, named statements',
  settings: { ...ours.settings, statements: 'named' },
  told: "adapter-pg's statementNameGenerator",
}

/** Ours, woken by nobody. */
export const oursPolling: Contender = {
  ...ours,
  name: 'sisy --inline, polling',
  settings: { ...ours.settings, listen: false },
  told: 'listen: false',
}

export const heartbeat: Contender = {
  ...sisy,
  name: 'sisy-heartbeat',
  module: program('heartbeat'),
  settings: {},
  told: 'defaults',
}

export const limit: Contender = {
  name: 'plain pg',
  kind: 'limit',
  module: program('plain-pg'),
  settings: {},
  store: 'postgresql',
  told: 'our table, indexes and statements, batches of 500, an empty loop; claims while it ends the last batch',
}

/** The least that a Prisma client can do to write a run. */
export const bareInsert: Contender = {
  name: 'bare $executeRaw',
  kind: 'limit',
  module: program('bare-insert'),
  settings: {},
  store: 'postgresql',
  told: "one plain INSERT into our table by the app's Prisma client, nobody woken",
}

/** As a newcomer has them. */
const graphileDefault: Contender = {
  ...graphile,
  name: 'graphile-worker',
  settings: {},
  told: 'defaults, which log a line for each job',
  isSlow: true,
}
const pgBossDefault: Contender = { ...pgBoss, name: 'pg-boss', settings: {}, told: 'defaults', isSlow: true }
const bullMqDefault: Contender = { ...bullMq, name: 'BullMQ', settings: {}, told: 'defaults', isSlow: true }

/** As fast as we could make them. */
const graphileBest: Contender = {
  ...graphile,
  name: 'graphile-worker best',
  settings: {
    isSilent: true,
    concurrentJobs: 24,
    maxPoolSize: 10,
    localQueue: { size: 2_000 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
  told: 'silent, 24 jobs at once, local queue of 2 000, completions batched without delay',
}
const pgBossBest: Contender = {
  ...pgBoss,
  name: 'pg-boss best',
  settings: {
    boss: { useListenNotify: true },
    queue: { notify: true },
    work: { batchSize: 1_000, localConcurrency: 2, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true },
  },
  told: 'batches of 1 000 twice at once, without pause while they are full; woken by NOTIFY',
}
const bullMqBest: Contender = {
  ...bullMq,
  name: 'BullMQ best',
  settings: { concurrency: 100 },
  told: '100 jobs at once',
}

export const defaultPeers: readonly Contender[] = [graphileDefault, pgBossDefault, bullMqDefault]
export const bestPeers: readonly Contender[] = [graphileBest, pgBossBest, bullMqBest]
/** Those on PostgreSQL, as we are. */
export const bestPostgresPeers: readonly Contender[] = [graphileBest, pgBossBest]
export const postgresPeers: readonly Contender[] = [...bestPostgresPeers, graphileDefault, pgBossDefault]
