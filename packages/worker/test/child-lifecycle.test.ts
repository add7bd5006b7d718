import { describe, expect, test } from '@jest/globals'
import { cjsJavaScript, openBinApp } from './bin-app.js'
import { callables, enqueue, files, hasEnded, openChildApp, pidIn, runOf } from './child-app.js'
import { isAlive } from './subprocess/processes.js'
import { until } from './test-app.js'

describe('a worker with child processes', () => {
  test('runs user code in a child, and says how many there are', async () => {
    await using app = await openChildApp()
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
    await using app = await openChildApp(`worker: { processes: 1, perQueue: { fast: { inline: true } } }`)
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

  test('has as many lanes as it likes, and Node warns of nothing', async () => {
    const queues = Array.from({ length: 12 }, (_, n) => `q${n}: { processes: 1 }`)
    await using app = await openChildApp(`worker: { processes: 1, perQueue: { ${queues.join(', ')} } }`)
    expect(await app.start('sisy-worker', ['--once']).ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('a time limit of the queue holds for runs whose task gives none', async () => {
    await using app = await openChildApp(
      `worker: { processes: 1, graceSeconds: 0.1, timeoutSeconds: 60, perQueue: { short: { timeoutSeconds: 1 } } }`,
    )
    const { id } = await enqueue(app, 'hangs', { queue: 'short', maxAttempts: 1 })
    expect(await app.start('sisy-worker', ['--once']).ended).toMatchObject({ code: 0 })
    expect((await runOf(app, id)).attempts).toMatchObject([
      { cause: 'timeout', error: { message: expect.stringContaining('its timeoutSeconds of 1.') } },
    ])
  })
})

describe('the end of a worker with child processes', () => {
  test('lets runs end, gives back what does not, and leaves no process', async () => {
    await using app = await openChildApp(`worker: { processes: 3, drainSeconds: 2, graceSeconds: 0.2 }`)
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
    await using app = await openChildApp()
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
    await using app = await openChildApp()
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
    await using app = await openChildApp(`worker: { processes: 2, leaseSeconds: 5 }`)
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
    await using app = await openChildApp(`
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
