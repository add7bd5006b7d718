import { describe, expect, test } from '@jest/globals'
import type { NodeProcess } from '@sisy/test-kit'
import { cjsJavaScript, openBinApp } from './bin-app.js'
import { until } from './test-app.js'

const callables = `{
  hello: () => ({ pid: process.pid, supervisor: process.ppid }),
  spins: () => { console.log('spins in ' + process.pid); for (;;); },
  hangs: () => { console.log('hangs in ' + process.pid); return new Promise(() => setInterval(() => {}, 1000)) },
  slow: () => new Promise((resolve) => { console.log('slow began'); setTimeout(resolve, 500, 'ended') }),
  breaks: () => { throw new Error('broken') },
  exits: () => process.exit(3),
}`
const files = cjsJavaScript(callables)

/** The app's configuration with these settings. */
const config = (settings: string) =>
  `module.exports = require('@sisy/core').defineConfig({ prisma: require('./src/db.js'), ${settings} })`

type App = Awaited<ReturnType<typeof openBinApp>>

async function openApp(settings = 'worker: { processes: 2, graceSeconds: 0.2 }'): Promise<App> {
  return openBinApp({ files: { ...files, 'sisy.config.js': config(settings) } })
}

const enqueue = ({ base }: App, callable: string, more: object = {}) =>
  base.taskRun.create({ data: { label: callable, callable, ...more } })

const runOf = ({ base }: App, id: string) => base.taskRun.findUniqueOrThrow({ where: { id } })

const hasEnded = (app: App, id: string) =>
  until(async () => ['succeeded', 'failed', 'cancelled'].includes((await runOf(app, id)).state))

/** The pid in the next line that a callable writes of itself. */
function pidIn(worker: NodeProcess, text: string): Promise<number> {
  return new Promise((resolve) => {
    worker.child.stdout?.on('data', (chunk: string) => {
      const found = new RegExp(`${text} (\\d+)`).exec(chunk)
      if (found !== null) resolve(Number(found[1]))
    })
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a worker with child processes', () => {
  test('runs user code in a child, and says how many there are', async () => {
    await using app = await openApp()
    const worker = app.start('sisy-worker')
    await worker.line('runs up to 1 at once in each of 2 child processes, from all queues.')
    const { id } = await enqueue(app, 'hello')
    await hasEnded(app, id)
    const result = (await runOf(app, id)).result as { pid: number; supervisor: number }
    expect(result.supervisor).toBe(worker.child.pid)
    expect(result.pid).not.toBe(worker.child.pid)
    expect(await app.base.taskWorker.findFirst()).toMatchObject({ pid: worker.child.pid, concurrency: 2 })
    worker.child.kill('SIGTERM')
    expect(await worker.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(isAlive(result.pid)).toBe(false)
  })

  test('runs user code in itself with --inline, and a queue of its own way in its own lane', async () => {
    await using app = await openApp(`worker: { processes: 1, perQueue: { fast: { inline: true } } }`)
    const worker = app.start('sisy-worker', ['--once'])
    const isolated = await enqueue(app, 'hello')
    const fast = await enqueue(app, 'hello', { queue: 'fast' })
    expect(await worker.ended).toMatchObject({ code: 0 })
    expect((await runOf(app, isolated.id)).result).toMatchObject({ supervisor: worker.child.pid })
    expect((await runOf(app, fast.id)).result).toMatchObject({ pid: worker.child.pid })
    const { id } = await enqueue(app, 'hello')
    const inline = app.start('sisy-worker', ['--once', '--inline'])
    expect(await inline.ended).toMatchObject({ code: 0 })
    expect((await runOf(app, id)).result).toMatchObject({ pid: inline.child.pid })
  })

  test('a time limit of the queue holds for runs whose task gives none', async () => {
    await using app = await openApp(
      `worker: { processes: 1, graceSeconds: 0.1, timeoutSeconds: 60, perQueue: { short: { timeoutSeconds: 1 } } }`,
    )
    const { id } = await enqueue(app, 'hangs', { queue: 'short', maxAttempts: 1 })
    expect(await app.start('sisy-worker', ['--once']).ended).toMatchObject({ code: 0 })
    expect((await runOf(app, id)).attempts).toMatchObject([
      { cause: 'timeout', error: { message: expect.stringContaining('its timeoutSeconds of 1.') } },
    ])
  })

  test('a blocked run keeps its lease, and is ended when somebody cancels it', async () => {
    await using app = await openApp(`worker: { processes: 1, leaseSeconds: 5, graceSeconds: 0.1 }`)
    const worker = app.start('sisy-worker')
    const blocked = worker.line('has been blocked for')
    const { id } = await enqueue(app, 'spins')
    await blocked
    const { leaseUntil } = await runOf(app, id)
    await until(async () => (await runOf(app, id)).leaseUntil!.getTime() > leaseUntil!.getTime())
    expect(await runOf(app, id)).toMatchObject({ state: 'running', attempt: 1 })
    await app.base.$executeRaw`UPDATE sisy_task_run SET "cancelRequestedAt" = now()`
    await app.base.$executeRaw`SELECT pg_notify('sisy.kill_task', ${id})`
    await hasEnded(app, id)
    expect(await runOf(app, id)).toMatchObject({ state: 'cancelled', attempts: [{ cause: 'cancelled' }] })
    worker.child.kill('SIGTERM')
    expect(await worker.ended).toMatchObject({ code: 0 })
  })
})

describe('the end of a worker with child processes', () => {
  test('lets runs end, gives back what does not, and leaves no process', async () => {
    await using app = await openApp(`worker: { processes: 3, drainSeconds: 2, graceSeconds: 0.2 }`)
    const worker = app.start('sisy-worker')
    const pids = Promise.all([pidIn(worker, 'spins in'), pidIn(worker, 'hangs in')])
    const began = worker.line('slow began')
    const runs = await Promise.all(['slow', 'spins', 'hangs'].map((callable) => enqueue(app, callable)))
    await Promise.all([pids, began])
    worker.child.kill('SIGTERM')
    expect(await worker.ended).toMatchObject({ code: 0, signal: null })
    expect(await Promise.all(runs.map(({ id }) => runOf(app, id)))).toMatchObject([
      { state: 'succeeded', result: 'ended' },
      { state: 'due', attempt: 0, startedAt: null },
      { state: 'due', attempt: 0, startedAt: null },
    ])
    expect((await pids).filter(isAlive)).toEqual([])
  })

  test('killed, its children go by themselves, also one whose event loop is blocked', async () => {
    await using app = await openApp()
    const worker = app.start('sisy-worker')
    const pids = Promise.all([pidIn(worker, 'spins in'), pidIn(worker, 'hangs in')])
    await enqueue(app, 'spins')
    await enqueue(app, 'hangs')
    const [spinning, hanging] = await pids
    worker.child.kill('SIGKILL')
    await worker.ended
    await until(async () => {
      await app.base.$executeRaw`SELECT 1`
      return !isAlive(spinning) && !isAlive(hanging)
    })
  })

  test('a Ctrl-C that reaches the whole process group ends no run before its time', async () => {
    await using app = await openApp()
    const worker = app.start('sisy-worker')
    const began = worker.line('slow began')
    const { id } = await enqueue(app, 'slow')
    await began
    // A terminal sends it to each process of the group; the children have one of their own.
    process.kill(worker.child.pid!, 'SIGINT')
    expect(await worker.ended).toMatchObject({ code: 0 })
    expect(await runOf(app, id)).toMatchObject({ state: 'succeeded', result: 'ended' })
  })
})

describe('a run that is hostile to its worker', () => {
  test('cannot pass messages off as its child’s, and harms nobody', async () => {
    const forged = `['uncaught', 'unready', 'returned', 'threw', 'declined'].flatMap((kind) => [{ kind, run: 1 }, ['', { kind, run: 1 }]])`
    const hostile = cjsJavaScript(`{
      forges: () => { for (const message of ${forged}) process.send(message); return 'sent' },
      closes: () => { process.disconnect(); return new Promise(() => setInterval(() => {}, 1000)) },
      hello: () => 'hello',
    }`)
    await using app = await openBinApp({ files: hostile })
    const [forges, closes, hello] = await Promise.all(
      ['forges', 'closes', 'hello'].map((callable) => enqueue(app, callable, { maxAttempts: 1 })),
    )
    expect(await app.start('sisy-worker', ['--once', '--processes', '1']).ended).toMatchObject({ code: 0 })
    expect(await runOf(app, forges!.id)).toMatchObject({ state: 'succeeded', result: 'sent' })
    expect(await runOf(app, hello!.id)).toMatchObject({ state: 'succeeded', result: 'hello' })
    expect((await runOf(app, closes!.id)).attempts).toMatchObject([
      { cause: 'crashed', exitCode: 1, output: [expect.stringContaining('closed its channel')] },
    ])
  })

  test('is charged when its userdata alone takes its child over the memory limit', async () => {
    await using app = await openApp(
      `worker: { processes: 1, maxMemory: '200mb', recycleMemory: '190mb', memoryCheckIntervalMs: 50 }`,
    )
    const { id } = await enqueue(app, 'hello', { maxAttempts: 1, userdata: { text: 'x'.repeat(150e6) } })
    expect(await app.start('sisy-worker', ['--once']).ended).toMatchObject({ code: 0 })
    expect(await runOf(app, id)).toMatchObject({
      state: 'failed',
      attempt: 1,
      attempts: [{ cause: 'memory' }],
    })
  })
})

describe('a worker whose children cannot start', () => {
  const broken = cjsJavaScript(callables)
  broken['sisy.config.js'] = `
    const prisma = require('./src/db.js')
    module.exports = require('@sisy/core').defineConfig({
      prisma: ({ role, concurrency }) => {
        if (role === 'child') throw new Error('no secrets for a child of ' + concurrency)
        return prisma
      },
      worker: { processes: 4, concurrency: 3 },
    })`

  test('says why, once, and ends with 1', async () => {
    await using app = await openBinApp({ files: broken })
    const { code, stdout, stderr } = await app.start('sisy-worker').ended
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^sisy-worker: No child process got ready in 3 attempts\. The last one said: [^\n]*no secrets for a child of 3[^\n]*\n$/,
    )
    expect(stdout.match(/A child process did not get ready/g)).toHaveLength(1)
    expect(await app.base.taskWorker.count()).toBe(0)
  })
})

describe('what a worker tells', () => {
  test('figures, health and readiness by HTTP, the same on its row, and a summary at its end', async () => {
    await using app = await openApp(`worker: { processes: 2, leaseSeconds: 5 }`)
    const worker = app.start('sisy-worker', ['--metrics-port', '0'])
    const serving = new Promise<string>((resolve) => {
      worker.child.stdout?.on('data', (chunk: string) => {
        const found = /Serving (http:\/\/127\.0\.0\.1:\d+)\/metrics/.exec(chunk)
        if (found?.[1] !== undefined) resolve(found[1])
      })
    })
    const url = await serving
    await until(async () => (await fetch(`${url}/readyz`)).ok)
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true, problems: [] })
    const { id } = await enqueue(app, 'hello')
    const exiting = await enqueue(app, 'exits', { maxAttempts: 1 })
    await Promise.all([hasEnded(app, id), hasEnded(app, exiting.id)])
    let text = ''
    await until(async () => {
      text = await (await fetch(`${url}/metrics`)).text()
      return (
        /^sisy_runs_total\{outcome="crashed"\} 1$/m.test(text) &&
        /^sisy_child_resident_memory_bytes\{child="\d"\} \d{8,}$/m.test(text)
      )
    })
    expect(text).toMatch(/^sisy_runs_total\{outcome="ok"\} 1$/m)
    expect(text).toMatch(/^sisy_child_restarts_total\{child="\d",cause="crashed"\} 1$/m)
    await until(async () => {
      const row = await app.base.taskWorker.findFirstOrThrow()
      return (row.metrics as { runs?: { crashed?: number } }).runs?.crashed === 1
    })
    worker.child.kill('SIGTERM')
    const { stdout } = await worker.ended
    expect(stdout).toMatch(/runs +1 ok, 1 crashed|runs +1 crashed, 1 ok/)
    expect(stdout).toMatch(/restarts +1 crashed/)
    expect((await app.base.taskWorker.findFirstOrThrow()).stoppedAt).not.toBeNull()
  })

  test('each outcome, to onOutcome; what that throws is logged', async () => {
    await using app = await openApp(`
      worker: { processes: 1 },
      onOutcome: (run, outcome) => {
        console.log('told of ' + [run.callable, run.attempt, run.maxAttempts, run.state, outcome.kind, outcome.exitCode].join(' '))
        if (outcome.kind === 'ok') throw new Error('the reporter is broken')
      }`)
    await enqueue(app, 'hello')
    await enqueue(app, 'exits', { maxAttempts: 1 })
    const { code, stdout } = await app.start('sisy-worker', ['--once']).ended
    expect(code).toBe(0)
    expect(stdout).toContain('told of hello 1 5 succeeded ok')
    expect(stdout).toContain('told of exits 1 1 failed crashed 3')
    expect(stdout).toContain('the reporter is broken')
  })

  test('that the children may open more connections than the server has room for', async () => {
    const large = files['src/db.js']?.replace('connectionString:', 'max: 5000, connectionString:') ?? ''
    await using app = await openBinApp({ files: { ...files, 'src/db.js': large } })
    const worker = app.start('sisy-worker', ['--processes', '2'])
    await worker.line('Make smaller pools')
    worker.child.kill('SIGTERM')
    expect((await worker.ended).stdout).toMatch(
      /may open 2 × 5000 = 10000 connections, and the database server allows \d+ in all/,
    )
  })
})
