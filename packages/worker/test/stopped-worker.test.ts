import { expect, test } from '@jest/globals'
import { cjsJavaScript, openBinApp } from './bin-app.js'
import { until } from './test-app.js'

// The first attempt says where it runs and never ends, or returns what nobody may keep any more; the second tells
// whether the process of the first is still there. A process that has ended stays a zombie while its parent is stopped.
const files = cjsJavaScript(`{
  spins: async ({ task, message }) => {
    if (message.attempt > 1) return require('fs').readFileSync('/proc/' + task.userdata.pid + '/stat', 'utf8').includes(') Z ')
    task.userdata.pid = process.pid
    await task.save()
    console.log('attempt began')
    for (;;);
  },
  slow: ({ message }) => {
    if (message.attempt > 1) return 'fresh'
    console.log('attempt began')
    return new Promise((resolve) => setTimeout(resolve, 1000, 'stale'))
  },
}`)
files['sisy.config.js'] = `module.exports = require('@sisy/core').defineConfig({
  prisma: require('./src/db.js'),
  worker: { processes: 1, leaseSeconds: 5, pollSeconds: 0.5 },
})`

test.each([
  ['spins', [], true],
  ['slow', ['--inline'], 'fresh'],
])(
  'a run of a worker that is stopped past its lease goes to another, and what the first makes of it is refused: %s',
  async (callable, args, result) => {
    await using app = await openBinApp({ files })
    const { id } = await app.base.taskRun.create({ data: { label: callable, callable, userdata: {} } })
    const stopped = app.start('sisy-worker', args)
    await stopped.line('attempt began')
    const run = () => app.base.taskRun.findUniqueOrThrow({ where: { id } })
    // From then on the attempt counts.
    await until(async () => (await run()).startedAt !== null)
    stopped.child.kill('SIGSTOP')
    const other = app.start('sisy-worker', args)
    await until(async () => (await run()).state === 'succeeded')
    const refused = stopped.line(`${callable} (run ${id}, attempt 1 of 5): the lease was lost`)
    stopped.child.kill('SIGCONT')
    await refused
    expect(await run()).toMatchObject({ attempt: 2, result, attempts: [{ attempt: 1, cause: 'lost' }] })
    for (const worker of [stopped, other]) {
      worker.child.kill('SIGTERM')
      expect(await worker.ended).toMatchObject({ code: 0, signal: null })
    }
  },
)
