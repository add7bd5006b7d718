import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { NodeProcess } from '@sisy/test-kit'
import { cjsJavaScript, openBinApp } from './bin-app.js'
import { isAlive } from './subprocess/processes.js'

const forever = 'new Promise(() => setInterval(() => {}, 1000))'
const files = cjsJavaScript(`{
  returns: ({ task, message, signal }) => ({ pid: process.pid, attempt: message.attempt, name: task.userdata.name,
    dueAt: message.dueAt.toISOString(), aborted: signal.aborted }),
  throws: () => { console.log('about to throw'); throw new RangeError('broken') },
  throwsText: () => { throw 'just text' },
  rejectsLate: () => new Promise((_, reject) => setTimeout(reject, 50, new Error('late'))),
  discards: () => { throw new (require('@sisy/core').Discard)('not wanted') },
  snoozes: () => { throw new (require('@sisy/core').Snooze)(3_600_000) },
  exits: ({ task }) => { process.stderr.write('going'); process.exit(task.userdata.code) },
  aborts: () => process.abort(),
  uncaught: () => { setTimeout(() => { throw new TypeError('in a timer') }, 10); return ${forever} },
  unhandled: () => { void Promise.reject(new TypeError('unhandled')); return ${forever} },
  killed: () => { process.kill(process.pid, 'SIGKILL'); return ${forever} },
  spins: () => { for (;;); },
  hangs: () => ${forever},
  obeys: ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('obeyed')))),
  tells: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(
    [signal.reason instanceof require('@sisy/core').RunTimeoutError, signal.reason.facts.timeoutSeconds]))),
  leaks: () => { const held = []; setInterval(() => held.push(Buffer.alloc(20e6, 1)), 100); return ${forever} },
  bursts: () => { globalThis.held = Buffer.alloc(8e8, 1); return ${forever} },
  unclonable: () => ({ f() {} }),
  cyclic: () => { const a = {}; a.a = a; return a },
  big: () => 'x'.repeat(15e6),
  tooBig: () => 'x'.repeat(17e6),
  floods: () => { for (let line = 0; line < 100_000; line++) console.log('line', line); throw new Error('flooded') },
  saves: async ({ task, message }) => {
    if (message.attempt === 2) return task.userdata
    task.userdata.step = 1
    await task.save()
    process.exit(1)
  },
}`)

type App = Awaited<ReturnType<typeof openBinApp>>
interface Wanted {
  callable: string
  userdata?: object
  maxAttempts?: number
  timeoutSeconds?: number
}

const soon = { baseMs: 1, factor: 1, maxMs: 1 }

async function enqueue({ base }: App, runs: readonly Wanted[]): Promise<void> {
  await base.taskRun.createMany({
    data: runs.map((run) => ({ label: run.callable, maxAttempts: 1, backoff: soon, ...run })),
  })
}

/** Resolves when every run has ended, but for what is snoozed; each look is a question to the database. */
async function allEnded({ base }: App): Promise<void> {
  const unfinished = {
    OR: [{ state: { in: ['due', 'running'] } }, { state: 'scheduled', attempt: { gt: 0 } }],
  }
  while ((await base.taskRun.count({ where: unfinished })) > 0);
}

async function stop(worker: NodeProcess) {
  worker.child.kill('SIGTERM')
  return worker.ended
}

describe('each way a run can end in a child process', () => {
  let app: App
  let ended: Awaited<NodeProcess['ended']>
  const innocents = 20
  const wanted: Wanted[] = [
    { callable: 'throws' },
    { callable: 'throwsText' },
    { callable: 'rejectsLate' },
    { callable: 'discards', maxAttempts: 5 },
    { callable: 'snoozes' },
    { callable: 'exits', userdata: { code: 0 } },
    { callable: 'exits', userdata: { code: 7 } },
    { callable: 'aborts' },
    { callable: 'uncaught' },
    { callable: 'unhandled' },
    { callable: 'killed', maxAttempts: 3 },
    { callable: 'spins', timeoutSeconds: 3 },
    { callable: 'hangs', timeoutSeconds: 1 },
    { callable: 'obeys', timeoutSeconds: 1 },
    { callable: 'tells', timeoutSeconds: 1 },
    { callable: 'leaks' },
    { callable: 'bursts' },
    { callable: 'unclonable' },
    { callable: 'cyclic' },
    { callable: 'big' },
    { callable: 'tooBig' },
    { callable: 'floods' },
    { callable: 'saves', userdata: { step: 0 }, maxAttempts: 2 },
  ]

  beforeAll(async () => {
    app = await openBinApp({ files })
    const returning = Array.from({ length: innocents }, (_, n) => ({
      callable: 'returns',
      userdata: { name: `${n}` },
    }))
    await enqueue(app, [...wanted, ...returning])
    const config = `module.exports = require('@sisy/core').defineConfig({
      prisma: require('./src/db.js'),
      worker: { processes: 3, maxMemory: '640mb', recycleMemory: '600mb', memoryCheckIntervalMs: 100, graceSeconds: 0.5 },
    })`
    const worker = app.start('sisy-worker', ['--config', app.write('limited.config.js', config)])
    await worker.line('runs up to')
    await allEnded(app)
    ended = await stop(worker)
  }, 120_000)

  afterAll(() => app[Symbol.asyncDispose]())

  const find = (callable: string, userdata: object = {}) =>
    app.base.taskRun.findFirstOrThrow({ where: { callable, userdata: { equals: userdata } } })
  const entryOf = async (callable: string, userdata?: object) => {
    const run = await find(callable, userdata)
    const log = run.attempts as { pid: number; error: { name: string; message: string }; output?: string[] }[]
    return { run, log, entry: log.at(-1)! }
  }

  test('the worker ends in order, and no process is left', async () => {
    expect(ended).toMatchObject({ code: 0, signal: null })
    const runs = await app.base.taskRun.findMany()
    const pids = runs.flatMap(({ attempts }) =>
      ((attempts ?? []) as { pid?: number }[]).map(({ pid }) => pid),
    )
    const known = pids.filter((pid) => pid !== undefined)
    expect(known.length).toBeGreaterThan(15)
    expect(known.filter(isAlive)).toEqual([])
  })

  test('a return is its result, whatever ends beside it', async () => {
    const runs = await app.base.taskRun.findMany({ where: { callable: 'returns' } })
    expect(runs).toHaveLength(innocents)
    for (const run of runs) {
      expect(run).toMatchObject({
        state: 'succeeded',
        attempt: 1,
        attempts: null,
        result: {
          attempt: 1,
          name: (run.userdata as { name: string }).name,
          dueAt: run.dueAt.toISOString(),
          aborted: false,
        },
      })
      expect(Number(run.peakMemory)).toBeGreaterThan(20e6)
      expect(run.cpuMs).toBeGreaterThanOrEqual(0)
    }
  })

  test.each([
    ['throws', { name: 'RangeError', message: 'broken' }],
    ['throwsText', { name: 'NonError', message: "'just text'" }],
    ['rejectsLate', { name: 'Error', message: 'late' }],
  ])('%s: the error', async (callable, error) => {
    const { run, entry } = await entryOf(callable)
    expect(run).toMatchObject({ state: 'failed', attempt: 1 })
    expect(entry).toMatchObject({
      cause: 'error',
      error,
      peakMemory: expect.any(Number),
      cpuMs: expect.any(Number),
    })
  })

  test('the last lines a failed attempt wrote are kept', async () => {
    expect((await entryOf('throws')).entry.output).toEqual(['about to throw'])
    expect((await entryOf('exits', { code: 7 })).entry.output).toEqual(['going'])
    const flood = await entryOf('floods')
    expect(flood.entry.output?.slice(-2)).toEqual(['line 99998', 'line 99999'])
  })

  test('what is written is passed on with its run in front', async () => {
    const { run } = await entryOf('throws')
    expect(ended.stdout).toContain(`[throws ${run.id}] about to throw\n`)
    const { run: exited } = await entryOf('exits', { code: 0 })
    expect(ended.stderr).toContain(`[exits ${exited.id}] going`)
  })

  test('Discard and Snooze do what they say', async () => {
    expect((await entryOf('discards')).entry).toMatchObject({ cause: 'discard', reason: 'not wanted' })
    expect(await find('snoozes')).toMatchObject({ state: 'scheduled', attempt: 0 })
  })

  test.each([
    ['exits', { code: 0 }, { exitCode: 0 }, 'ended with exit code 0'],
    ['exits', { code: 7 }, { exitCode: 7 }, 'ended with exit code 7'],
    ['aborts', {}, { signal: 'SIGABRT' }, 'was ended by SIGABRT'],
    ['uncaught', {}, { exitCode: 1 }, 'nobody caught TypeError: in a timer'],
    ['unhandled', {}, { exitCode: 1 }, 'nobody caught TypeError: unhandled'],
  ])('%s %j: crashed', async (callable, userdata, how, told) => {
    const { run, entry } = await entryOf(callable, userdata)
    expect(run.state).toBe('failed')
    expect(entry).toMatchObject({
      cause: 'crashed',
      ...how,
      error: { name: 'RunCrashedError', code: 'RUN_CRASHED', message: expect.stringContaining(told) },
    })
    expect(entry.error.message).toContain(`Process ${entry.pid} `)
  })

  test('a run that kills its process at each attempt ends failed, with all of them in its log', async () => {
    const { run, log } = await entryOf('killed')
    expect(run).toMatchObject({ state: 'failed', attempt: 3 })
    expect(log).toMatchObject([1, 2, 3].map((attempt) => ({ attempt, cause: 'crashed', signal: 'SIGKILL' })))
    expect(new Set(log.map(({ pid }) => pid)).size).toBe(3)
  })

  test('a timeout ends what ignores it, and says when the event loop was blocked', async () => {
    const spin = await entryOf('spins')
    expect(spin.entry).toMatchObject({
      cause: 'timeout',
      error: {
        code: 'RUN_TIMEOUT',
        message: expect.stringMatching(/of 3\. Its event loop was blocked for \d+ s\.$/),
      },
    })
    expect(ended.stdout).toMatch(new RegExp(`has been blocked for \\d+ s by spins ${spin.run.id}`))
    expect((await entryOf('hangs')).entry).toMatchObject({
      cause: 'timeout',
      error: { message: expect.stringMatching(/of 1\.$/) },
    })
    expect((await entryOf('obeys')).entry).toMatchObject({ cause: 'timeout', error: { code: 'RUN_TIMEOUT' } })
    expect(await find('tells')).toMatchObject({ state: 'succeeded', result: [true, 1] })
  })

  test.each(['leaks', 'bursts'])('%s: over its memory limit', async (callable) => {
    const { run, entry } = await entryOf(callable)
    expect(entry).toMatchObject({
      cause: 'memory',
      error: { code: 'RUN_MEMORY', message: expect.stringContaining('640 MiB') },
    })
    expect(Number(run.peakMemory)).toBeGreaterThan(640 * 1024 ** 2)
  })

  test('a result: JSON leaves out what it cannot hold, refuses a cycle, and takes 15 MB, not 17', async () => {
    expect(await find('unclonable')).toMatchObject({ state: 'succeeded', result: {} })
    expect((await entryOf('cyclic')).entry).toMatchObject({
      cause: 'discard',
      reason: expect.stringContaining('cannot be stored'),
    })
    expect((await find('big')).result).toHaveLength(15e6)
    expect((await entryOf('tooBig')).entry).toMatchObject({
      cause: 'discard',
      reason: expect.stringContaining('17 MB of JSON, and at most 16 MB are kept'),
    })
  })

  test('progress that was saved survives the process', async () => {
    expect(await find('saves', { step: 1 })).toMatchObject({
      state: 'succeeded',
      attempt: 2,
      result: { step: 1 },
    })
  })
})
