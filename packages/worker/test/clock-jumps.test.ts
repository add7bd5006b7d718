import { expect, test } from '@jest/globals'
import { cjsJavaScript, openBinApp } from './bin-app.js'
import { until } from './test-app.js'

// The worker's wall clock jumps when it gets a SIGUSR2; monotonic time does not.
const jumps = (hours: number): string => `
  const OwnDate = Date
  let ms = 0
  process.on('SIGUSR2', () => { ms = ${hours} * 3_600_000 })
  globalThis.Date = class extends OwnDate {
    constructor(...given) { super(...(given.length === 0 ? [OwnDate.now() + ms] : given)) }
    static now() { return OwnDate.now() + ms }
  }`

test.each([1, -1])(
  'a jump of the wall clock by %i h ends no lease, and skips and doubles no run',
  async (hours) => {
    const files = cjsJavaScript(`{
    hello: () => 'hello',
    long: ({ task }) => new Promise((resolve) => {
      console.log('long began')
      const timer = setInterval(() => {
        if (!require('fs').existsSync(task.userdata.file)) return
        clearInterval(timer)
        resolve('kept')
      }, 20)
    }),
  }`)
    files['sisy.config.js'] = `
    module.exports = require('@sisy/core').defineConfig({
      prisma: require('./src/db.js'),
      worker: { processes: 2, leaseSeconds: 5, pollSeconds: 0.5 },
    })`
    await using app = await openBinApp({ files })
    const file = `${app.path}/go`
    const jump = app.write('jump.cjs', jumps(hours))
    const enqueue = (callable: string, more: object = {}) =>
      app.base.taskRun.create({ data: { label: callable, callable, ...more } })
    const run = (id: string) => app.base.taskRun.findUniqueOrThrow({ where: { id } })

    const worker = app.start('sisy-worker', [], { NODE_OPTIONS: `--require ${jump}` })
    const other = app.start('sisy-worker')
    // A clock that jumps before the worker has looked at it has not jumped for the worker.
    await Promise.all([worker.line('from all queues'), other.line('from all queues')])
    const long = await enqueue('long', { userdata: { file } })
    await Promise.race([worker.line('long began'), other.line('long began')])
    const noticed = worker.line(
      `This machine slept, or its clock or the database's was set: time has moved by ${hours * 3600} s`,
    )
    worker.child.kill('SIGUSR2')
    await noticed

    // A lease that is renewed twice since then has outlived the one it had.
    const leaseEnd = async () => (await run(long.id)).leaseUntil!.getTime()
    const soon = await enqueue('hello')
    const later = await enqueue('hello', { state: 'scheduled', dueAt: new Date(Date.now() + 3_600_000) })
    const before = await leaseEnd()
    await until(async () => (await leaseEnd()) >= before + 5_000)
    expect(await leaseEnd()).toBeLessThan(before + 60_000)
    expect(await run(soon.id)).toMatchObject({ state: 'succeeded', attempt: 1, attempts: null })
    expect(await run(later.id)).toMatchObject({ state: 'scheduled', attempt: 0 })
    app.write('go', '')
    await until(async () => (await run(long.id)).state === 'succeeded')
    expect(await run(long.id)).toMatchObject({ attempt: 1, result: 'kept', attempts: null })
    for (const { child, ended } of [worker, other]) {
      child.kill('SIGTERM')
      expect(await ended).toMatchObject({ code: 0, signal: null })
    }
  },
  // Two programs are started, twice, on a machine that may be busy.
  120_000,
)
