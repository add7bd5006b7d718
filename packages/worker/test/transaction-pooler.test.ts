import { expect, test } from '@jest/globals'
import { startTransactionPooler } from '@sisy/test-kit'
import { esmTypeScript, openBinApp } from './bin-app.js'

test('heartbeat and worker need no session of their own: behind a pooler they poll', async () => {
  await using app = await openBinApp({
    files: esmTypeScript(`{
      hello: () => 'hello',
      long: ({ signal }: TaskContext) => new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        console.log('long began')
      }),
    }`),
  })
  await app.base.$executeRawUnsafe(
    `INSERT INTO sisy_task (label, callable, iterations, "waitForSchedule")
     SELECT 'hello', 'hello', 1, false FROM generate_series(1, 30)`,
  )
  const pooler = await startTransactionPooler({ url: app.url, sessions: 3 })
  app.write(
    'sisy.config.ts',
    `import { defineConfig } from '@sisy/core'
     import { prisma } from './src/db.js'
     export default defineConfig({ prisma, worker: { inline: true, leaseSeconds: 5, pollSeconds: 0.2 } })`,
  )
  const env = { DATABASE_URL: pooler.url, SISY_HEARTBEAT_FREQUENCY: '0.5' }
  const worker = app.start('sisy-worker', [], env)
  const heartbeat = app.start('sisy-heartbeat', [], env)
  while ((await app.base.taskRun.count({ where: { state: 'succeeded' } })) < 30);

  const began = worker.line('long began')
  const { id } = await app.base.taskRun.create({ data: { label: 'long', callable: 'long' } })
  await began
  await app.base.taskRun.update({ where: { id }, data: { cancelRequestedAt: new Date() } })
  const run = () => app.base.taskRun.findUniqueOrThrow({ where: { id } })
  while ((await run()).finishedAt === null);
  expect(await run()).toMatchObject({ state: 'cancelled', attempt: 1 })

  for (const program of [worker, heartbeat]) {
    program.child.kill('SIGTERM')
    const { code, stdout, stderr } = await program.ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toMatch(/fails and will be tried again/)
  }
  pooler.close()
})
