import { expect, test } from '@jest/globals'
import { sisy, type TaskContext } from '@sisy/core'
import { esmTypeScript, openBinApp } from './bin-app.js'

const tasks = 3_000
const sentinels = 2
const oneShots = 7_000 - sentinels
const total = tasks + oneShots + sentinels

const callables = `{
  note: async ({ message }: TaskContext) => {
    await base.$executeRaw\`INSERT INTO ledger VALUES (\${message.runId}::uuid, \${message.attempt})\`
  },
}`

test('two heartbeats and four workers execute each of 10 000 runs exactly once', async () => {
  await using app = await openBinApp({ files: esmTypeScript(callables) })
  const { base } = app
  const prisma = base.$extends(sisy(base, { callables: () => ({ note: (_: TaskContext) => undefined }) }))
  /** Runs when everything that was due before it has been claimed. */
  const sentinel = async () => prisma.task.result(await prisma.task.runOnce('note', { priority: -1 }))
  await base.$executeRaw`CREATE TABLE ledger (run uuid NOT NULL, attempt int NOT NULL)`
  await base.$executeRaw`
    INSERT INTO sisy_task (label, callable, schedule, iterations, "waitForSchedule", "allowOverlap", priority)
    SELECT 'task ' || n, 'note', '0 0 1 1 *', 1, false, n % 2 = 0, n % 3 FROM generate_series(1, ${tasks}) AS n`
  await prisma.task.runOnceMany(
    'note',
    Array.from({ length: oneShots }, (_, n) => ({ priority: n % 3 })),
  )

  const heartbeats = [1, 2].map(() => app.start('sisy-heartbeat'))
  const workers = [1, 2, 3, 4].map(() =>
    // Not warnings: so many processes may keep each other from the processor for seconds, which is told of.
    app.start('sisy-worker', ['--concurrency', '10', '--log-level', 'error']),
  )
  await Promise.all(heartbeats.map((heartbeat) => heartbeat.line('Heartbeat ticks')))
  await sentinel()
  for (const { child } of heartbeats) child.kill('SIGTERM')
  for (const { ended } of heartbeats) expect(await ended).toMatchObject({ code: 0, stderr: '' })
  await sentinel()
  for (const { child } of workers) child.kill('SIGTERM')
  for (const { ended } of workers) expect(await ended).toMatchObject({ code: 0, stderr: '', stdout: '' })

  const [ledger] = await base.$queryRaw<object[]>`
    SELECT count(*)::int AS count, count(DISTINCT run)::int AS runs, max(attempt) AS attempts FROM ledger`
  expect(ledger).toEqual({ count: total, runs: total, attempts: 1 })
  expect(await base.taskRun.groupBy({ by: ['state', 'attempt'], _count: true })).toEqual([
    { state: 'succeeded', attempt: 1, _count: total },
  ])
  const metrics = await base.taskWorker.findMany({ select: { metrics: true } })
  const counts = metrics.map((row) => (row.metrics as { runs: { ok: number } }).runs.ok)
  expect(counts).toHaveLength(4)
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total)
}, 120_000)
