import { describe, expect, test } from '@jest/globals'
import { cjsJavaScript, esmTypeScript, openBinApp, type Bin } from './bin-app.js'

const both = ['sisy-worker', 'sisy-heartbeat'] as const satisfies Bin[]
const hello = `{ hello: ({ task }) => 'hello ' + task.userdata.name }`

type App = Awaited<ReturnType<typeof openBinApp>>

const results = ({ base }: App) =>
  base.taskRun.findMany({ select: { result: true, state: true }, orderBy: { id: 'asc' } })

describe('heartbeat and worker', () => {
  test.each([
    ['an ESM app in TypeScript', esmTypeScript(hello), 'SIGTERM'],
    ['a CommonJS app in JavaScript', cjsJavaScript(hello), 'SIGINT'],
  ] as const)('run the tasks of %s, and end in order', async (_, files, signal) => {
    await using app = await openBinApp({ files })
    const worker = app.start('sisy-worker', ['--concurrency', '3'])
    const heartbeat = app.start('sisy-heartbeat', [], { SISY_HEARTBEAT_FREQUENCY: '0.5' })
    const succeeded = worker.line('hello (run ')
    await Promise.all([worker.line('runs up to 3 at once'), heartbeat.line('ticks at least every 0.5 s')])
    await app.base.$executeRawUnsafe(
      `INSERT INTO sisy_task (label, callable, userdata, "waitForSchedule") VALUES ('hello', 'hello', '{"name": "you"}', false)`,
    )
    await succeeded
    worker.child.kill(signal)
    heartbeat.child.kill(signal)
    for (const ended of [await worker.ended, await heartbeat.ended]) {
      expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' })
      expect(ended.stdout).toContain(`${signal}: ending in order`)
    }
    const ran = await results(app)
    expect(ran[0]).toEqual({ result: 'hello you', state: 'succeeded' })
  })

  test('do what is due now and end, with --once', async () => {
    await using app = await openBinApp({ files: esmTypeScript(hello) })
    await app.base
      .$executeRawUnsafe(`INSERT INTO sisy_task (label, callable, userdata, iterations, "waitForSchedule")
       SELECT 'hello', 'hello', jsonb_build_object('name', n), 1, false FROM generate_series(1, 30) AS n`)
    const heartbeat = await app.start('sisy-heartbeat', ['--once']).ended
    expect(heartbeat).toMatchObject({ code: 0, stderr: '' })
    expect(heartbeat.stdout).toContain('Planned 30 tasks, stamped 30 runs')
    expect(await app.start('sisy-worker', ['--once']).ended).toMatchObject({ code: 0, stderr: '' })
    const ran = await results(app)
    expect(ran).toHaveLength(30)
    expect(ran).toEqual(ran.map(() => expect.objectContaining({ state: 'succeeded' })))
    expect(await app.start('sisy-worker', ['--heartbeat', '--once']).ended).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect(await app.base.task.count()).toBe(0)
  })

  test('in one process run and end in order too', async () => {
    await using app = await openBinApp({ files: esmTypeScript(hello) })
    const worker = app.start('sisy-worker', ['--heartbeat', '--log-level', 'debug'])
    const succeeded = worker.line('hello (run ')
    await worker.line('runs up to')
    await app.base.$executeRawUnsafe(
      `INSERT INTO sisy_task (label, callable, "waitForSchedule") VALUES ('hello', 'hello', false)`,
    )
    await succeeded
    worker.child.kill('SIGTERM')
    expect(await worker.ended).toMatchObject({ code: 0, stderr: '' })
  })

  test("leave the query engine of the app's client to user code", async () => {
    const tell = `process.on('exit', () => console.log('engines', Object.keys(require.cache).filter((path) => path.includes('query_compiler'))))`
    const files = cjsJavaScript(hello)
    await using app = await openBinApp({
      files: { ...files, 'sisy.config.js': `${tell}\n${files['sisy.config.js']}` },
    })
    await app.base.$executeRaw`DROP INDEX sisy_task_run_claim`
    for (const bin of both) {
      const program = app.start(bin)
      await program.line('index sisy_task_run_claim is missing')
      program.child.kill('SIGTERM')
      const { stdout } = await program.ended
      expect(stdout.match(/^engines .*/gm)).toEqual(['engines []'])
    }
  })
})

describe('a worker that runs user code inline, which leaves code behind', () => {
  test('goes on after a rejection that nobody handles', async () => {
    await using app = await openBinApp({
      files: esmTypeScript(`{
        stray: async () => { void Promise.reject(new Error('nobody handles this')) },
        hello: () => 'hello',
      }`),
    })
    const worker = app.start('sisy-worker', ['--inline'])
    await worker.line('runs up to')
    const told = worker.line('nobody handles this')
    await app.base.taskRun.create({ data: { label: 'stray', callable: 'stray' } })
    await told
    const succeeded = worker.line('hello (run')
    await app.base.taskRun.create({ data: { label: 'hello', callable: 'hello' } })
    await succeeded
    worker.child.kill('SIGTERM')
    expect(await worker.ended).toMatchObject({ code: 0 })
  })

  test('ends after an exception that nobody caught, and charges the runs that were there', async () => {
    await using app = await openBinApp({
      files: esmTypeScript(`{
        stray: ({ signal }: TaskContext) => new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          setTimeout(() => { throw new Error('nobody catches this') })
        }),
      }`),
    })
    await app.base.taskRun.create({ data: { label: 'stray', callable: 'stray' } })
    const { code, stdout } = await app.start('sisy-worker', ['--inline']).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('nobody catches this') })
    expect(await app.base.taskRun.findMany()).toMatchObject([
      {
        state: 'scheduled',
        attempt: 1,
        attempts: [{ cause: 'crashed', error: { message: expect.stringContaining('nobody catches this') } }],
      },
    ])
  })
})

describe('a worker that is asked to end', () => {
  const slow = `{
    slow: async () => { console.log('slow began'); await new Promise((resolve) => setTimeout(resolve, 300)); return 'ended' },
    deaf: () => { console.log('deaf began'); return new Promise(() => setInterval(() => {}, 1000)) },
  }`
  const enqueue = ({ base }: App, callable: string) =>
    base.taskRun.create({ data: { label: callable, callable } })

  test('finishes what runs, and ends with 0', async () => {
    await using app = await openBinApp({ files: esmTypeScript(slow) })
    await enqueue(app, 'slow')
    const worker = app.start('sisy-worker')
    await worker.line('slow began')
    worker.child.kill('SIGTERM')
    expect(await worker.ended).toMatchObject({ code: 0, stderr: '' })
    expect(await results(app)).toEqual([{ result: 'ended', state: 'succeeded' }])
  })

  test.each(['--processes=1', '--once'])('twice ends at once, and gives back what runs: %s', async (flag) => {
    await using app = await openBinApp({ files: esmTypeScript(slow) })
    await enqueue(app, 'deaf')
    const worker = app.start('sisy-worker', [flag])
    await worker.line('deaf began')
    const asked = worker.line('once more to end at once')
    const again = worker.line('SIGTERM again: ending at once.')
    worker.child.kill('SIGTERM')
    await asked
    const heard = new AbortController()
    void again.then(() => heard.abort())
    // Signals within a moment of the first count as the same one.
    while (!heard.signal.aborted) {
      worker.child.kill('SIGTERM')
      await app.base.$executeRawUnsafe('SELECT 1')
    }
    expect(await worker.ended).toMatchObject({ code: 0, signal: null })
    expect(await results(app)).toEqual([{ result: null, state: 'due' }])
  })
})

describe.each(both)('%s', (bin) => {
  test('ends in order when the package runner that started it is gone', async () => {
    await using app = await openBinApp({ files: esmTypeScript(hello) })
    const runner = app.startUnder('npm/11.0.0', bin)
    await runner.line(bin === 'sisy-worker' ? 'runs up to' : 'ticks at least')
    runner.child.kill('SIGTERM')
    // Standard output is open until the last process has ended that writes there.
    const { signal, stdout } = await runner.ended
    expect(signal).toBe('SIGTERM')
    expect(stdout).toMatch(/The end of the package runner: ending in order(.|\n)*Ended\./)
  })

  test('ends with 0 when it is asked to while it loads', async () => {
    const config = `console.log('loading'); await new Promise((resolve) => setTimeout(resolve, 3_600_000))`
    await using app = await openBinApp({
      files: { 'package.json': '{ "type": "module" }', 'sisy.config.js': config },
      schema: 'none',
    })
    const program = app.start(bin)
    await program.line('loading')
    program.child.kill('SIGTERM')
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  })

  const files = esmTypeScript(hello)
  const setting = bin === 'sisy-worker' ? 'concurrency' : 'frequency'
  const name = bin === 'sisy-worker' ? 'worker.concurrency' : 'heartbeat.frequency'
  const variable = bin === 'sisy-worker' ? 'SISY_CONCURRENCY' : 'SISY_HEARTBEAT_FREQUENCY'
  const failure = (line: string | RegExp) => ({
    code: 1,
    signal: null,
    stderr: typeof line === 'string' ? `${bin}: ${line}\n` : expect.stringMatching(line),
  })

  test('tells how it is used, and its version', async () => {
    await using app = await openBinApp({ files, schema: 'none' })
    const [help, version, unknown] = await Promise.all(
      ['--help', '--version', `--${setting.slice(0, -1)}`].map((flag) => app.start(bin, [flag]).ended),
    )
    expect(help).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(`Usage: ${bin} [options]`),
    })
    for (const flag of ['--config', '--once', '--log-level', `--${setting}`])
      expect(help?.stdout).toContain(flag)
    expect(version).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
    expect(unknown?.code).toBe(1)
    expect(unknown?.stderr).toContain(`(Did you mean --${setting}?)`)
  })

  test('names a setting that is not accepted, and where it was given', async () => {
    const config =
      files['sisy.config.ts']?.replace('({ prisma })', '({ prisma, worker: { concurency: 3 } })') ?? ''
    await using app = await openBinApp({ files: { ...files, 'bad.config.ts': config }, schema: 'none' })
    const [flag, environment, mistyped, file] = await Promise.all([
      app.start(bin, [`--${setting}`, 'many']).ended,
      app.start(bin, [], { [variable]: '-1' }).ended,
      app.start(bin, [], { [`${variable}S`]: '1' }).ended,
      app.start(bin, ['--config', 'bad.config.ts']).ended,
    ])
    expect(flag).toMatchObject(
      failure(
        new RegExp(`^${bin}: The setting ${name} is 'many' \\(from --${setting}\\); accepted is .*\\n$`),
      ),
    )
    expect(environment).toMatchObject(
      failure(
        new RegExp(
          `^${bin}: The setting ${name} is -1 \\(from ${variable} in the environment\\); accepted is .*\\n$`,
        ),
      ),
    )
    expect(mistyped).toMatchObject(
      failure(`${variable}S in the environment is no setting. Did you mean "${variable}"?`),
    )
    expect(file).toMatchObject(
      failure(
        /bad\.config\.ts gives worker\.concurency, which is no setting\. Did you mean "worker\.concurrency"\?.*\n$/,
      ),
    )
  })

  test('tells in one line what is missing', async () => {
    await using app = await openBinApp({ files, schema: 'none' })
    await using empty = await openBinApp({ files: { 'package.json': '{}' }, schema: 'none' })
    const gone = new URL(app.url)
    gone.pathname = '/sisy_no_such_database'
    const [config, server, database, tables] = await Promise.all([
      empty.start(bin).ended,
      app.start(bin, ['--once'], { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/db' }).ended,
      app.start(bin, [], { DATABASE_URL: gone.href }).ended,
      app.start(bin, ['--once']).ended,
    ])
    expect(config).toMatchObject(
      failure(
        `There is no sisy.config.ts (or .mts, .js, .mjs, .cjs) in ${empty.path}. Run npx sisy init there, or name the file with --config.`,
      ),
    )
    expect(server).toMatchObject(
      failure(/^[^\n]*The database at 127\.0\.0\.1:1 cannot be reached\.[^\n]*\n$/),
    )
    expect(database).toMatchObject(
      failure(/^[^\n]*"sisy_no_such_database" does not exist on this server\.[^\n]*\n$/),
    )
    expect(tables).toMatchObject(
      failure(/^[^\n]*The table[^\n]* is not in the database\. Run npx sisy init[^\n]*\n$/),
    )
  })

  test('waits for a database that is not there yet', async () => {
    await using app = await openBinApp({ files })
    const proxy = await app.proxy()
    proxy.cut()
    const program = app.start(bin, [], { DATABASE_URL: proxy.url })
    const begun = program.line(bin === 'sisy-worker' ? 'runs up to' : 'ticks at least')
    await program.line('Trying again until it answers.')
    await proxy.heal()
    await begun
    program.child.kill('SIGTERM')
    const { code, stdout, stderr } = await program.ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.match(/until it answers|The database answers/g)).toHaveLength(2)
  })

  test('ends at once when it is asked to while it waits', async () => {
    await using app = await openBinApp({ files, schema: 'none' })
    const program = app.start(bin, [], { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/db' })
    await program.line('Trying again until it answers.')
    program.child.kill('SIGTERM')
    expect(await program.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  })
})
