import { describe, expect, test } from '@jest/globals'
import type { TaskContext } from '@sisy/core'
import { systemClock } from '@sisy/core/internal'
import pg from 'pg'
import { aborted, gate, held, openTestApp, until } from './test-app.js'

type Say = TaskContext<{ word: string }>
const say = ({ task }: Say): string => task.userdata.word

/** A session of its own. */
async function connected(url: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

describe('an end that the database does not take', () => {
  test('is found among others, and becomes a failure that is not tried again', async () => {
    let calls = 0
    await using app = await openTestApp({
      say(context: Say) {
        calls += 1
        return say(context)
      },
    })
    await app.base.$executeRaw`ALTER TABLE sisy_task_run ADD CHECK (result <> '"bad"')`
    const words = ['good', 'bad', 'fine', 'well', 'bad', 'right']
    await app.prisma.task.runOnceMany(
      'say',
      words.map((word) => ({ userdata: { word } })),
    )
    const told: string[] = []
    await app.worker({ onOutcome: ({ state }, { kind }) => told.push(`${state}: ${kind}`) }).drain()
    expect(calls).toBe(words.length)
    const discarded = { cause: 'discard', reason: expect.stringMatching(/^The database refused its end: /) }
    for (const run of await app.base.taskRun.findMany()) {
      const { word } = run.userdata as { word: string }
      if (word === 'bad') expect(run).toMatchObject({ state: 'failed', attempt: 1, attempts: [discarded] })
      else expect(run).toMatchObject({ state: 'succeeded', result: word, attempts: null })
    }
    expect(told.filter((line) => line.startsWith('failed'))).toEqual(['failed: discard', 'failed: discard'])
    expect(app.log.messages).toContainEqual(
      expect.stringMatching(/was discarded: The database refused its end: .*; it has failed for good\.$/s),
    )
  })

  test('for a reason of a trigger under a state of its own becomes a failure too', async () => {
    await using app = await openTestApp({ say })
    await app.base.$executeRaw`
      CREATE FUNCTION taboo() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE 'not this word: secret' USING ERRCODE = 'U0001'; END $$`
    await app.base.$executeRaw`
      CREATE TRIGGER taboo BEFORE UPDATE ON sisy_task_run FOR EACH ROW WHEN (NEW.state = 'succeeded')
      EXECUTE FUNCTION taboo()`
    const { id } = await app.prisma.task.runOnce('say', { userdata: { word: 'bad' } })
    await app.worker({ redact: (text) => text.replaceAll('secret', '***') }).drain()
    const [entry] = (await app.run(id)).attempts as { cause: string; reason: string }[]
    expect(entry).toMatchObject({ cause: 'discard', reason: expect.stringContaining('not this word: ***') })
  })

  test('whatever it is, is left to the end of its lease', async () => {
    await using app = await openTestApp({ say })
    await app.base.$executeRaw`
      ALTER TABLE sisy_task_run ADD CHECK (userdata <> '{"word": "bad"}' OR "finishedAt" IS NULL)`
    const [bad, good] = await app.prisma.task.runOnceMany('say', [
      { userdata: { word: 'bad' } },
      { userdata: { word: 'good' } },
    ])
    await app.worker().drain()
    expect(await app.run(bad!.id)).toMatchObject({ state: 'running', result: null })
    expect(await app.run(good!.id)).toMatchObject({ state: 'succeeded', result: 'good' })
    expect(app.log.messages).toContain(`Run ${bad!.id} (say) could not be ended; it will be rescued.`)
  })
})

describe('an end whose row another transaction holds', () => {
  test('is written when it is let go, and holds up none of the others', async () => {
    const started = gate()
    const letGo = gate()
    await using app = await openTestApp({
      async wait(context: Say) {
        started.open()
        await letGo.opened
        return say(context)
      },
      say,
    })
    const held = await app.prisma.task.runOnce('wait', { userdata: { word: 'held' } })
    await app.worker({ clock: systemClock }).start()
    await started.opened
    const locking = await connected(app.url)
    await locking.query('BEGIN')
    await locking.query('SELECT FROM sisy_task_run WHERE id = $1 FOR UPDATE', [held.id])
    letGo.open()
    for (const word of ['one', 'two']) {
      expect(await app.prisma.task.result(await app.prisma.task.runOnce('say', { userdata: { word } }))).toBe(
        word,
      )
    }
    expect(await app.run(held.id)).toMatchObject({ state: 'running' })
    await locking.query('ROLLBACK')
    await locking.end()
    expect(await app.prisma.task.result(held)).toBe('held')
    expect(await app.run(held.id)).toMatchObject({ state: 'succeeded', attempt: 1 })
  })
})

test.each([
  ['is full', 'disk_full'],
  ['is away, as a pooler tells it', 'protocol_violation'],
])(
  'ends are kept, longer than a lease, while the database %s, and written when it is not',
  async (_, state) => {
    const started = gate()
    const letGo = gate()
    let calls = 0
    await using app = await openTestApp({
      async long(context: Say) {
        calls += 1
        if (calls === 3) started.open()
        await letGo.opened
        return say(context)
      },
    })
    await app.base.$executeRawUnsafe(`
    CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'not now' USING ERRCODE = '${state}'; END $$`)
    await app.base.$executeRaw`
    CREATE TRIGGER trouble BEFORE UPDATE ON sisy_task_run FOR EACH ROW WHEN (NEW.state <> 'running')
    EXECUTE FUNCTION trouble()`
    const words = ['one', 'two', 'three']
    const runs = await app.prisma.task.runOnceMany(
      'long',
      words.map((word) => ({ userdata: { word } })),
    )
    const worker = app.worker()
    const drained = worker.drain()
    await started.opened
    letGo.open()
    const step = 5_000
    const unseenMs = async () => {
      const { lastSeenAt } = await app.base.taskWorker.findUniqueOrThrow({ where: { id: worker.id } })
      return app.clock.now().getTime() - lastSeenAt.getTime()
    }
    for (let ms = 0; ms < 120_000; ms += step) {
      app.clock.advance(step)
      await until(async () => (await unseenMs()) <= 20_000 + step)
    }
    await app.base.$executeRaw`DROP TRIGGER trouble ON sisy_task_run`
    await until(async () => {
      app.clock.advance(500)
      return (await app.base.taskRun.count({ where: { state: 'succeeded' } })) === 3
    })
    await drained
    expect(calls).toBe(3)
    for (const [n, run] of runs.entries()) {
      expect(await app.run(run.id)).toMatchObject({ result: words[n], attempt: 1, attempts: null })
    }
    expect(app.log.messages.filter((message) => message.startsWith('Writing results'))).toEqual([
      expect.stringContaining('Writing results fails and will be tried again: '),
      'Writing results works again.',
    ])
  },
)

test('a cancel that comes while the run fails is what is told of it', async () => {
  const started = gate()
  const letGo = gate()
  await using app = await openTestApp({
    async long() {
      started.open()
      await letGo.opened
      throw new Error('ended by itself')
    },
  })
  const { id } = await app.prisma.task.runOnce('long')
  const told: unknown[] = []
  const worker = app.worker({ onOutcome: ({ state }, { kind }) => told.push([state, kind]) })
  const drained = worker.drain()
  await started.opened
  await app.prisma.task.cancel(id)
  letGo.open()
  await drained
  expect(told).toEqual([['cancelled', 'error']])
  expect(app.log.messages).toContainEqual(
    expect.stringMatching(/threw: ended by itself; it was cancelled meanwhile, so it has ended\.$/),
  )
})

test('a worker that ends while the database does not answer gives its ends up', async () => {
  const started = gate()
  const begun = gate()
  await using app = await openTestApp({
    async long({ signal }: TaskContext) {
      started.open()
      await aborted(signal)
      begun.open()
      return 'kept'
    },
  })
  const { id } = await app.prisma.task.runOnce('long')
  const worker = app.worker({ clock: systemClock, worker: { drainSeconds: 0, graceSeconds: 0 } })
  await worker.start()
  await started.opened
  const locking = await connected(app.url)
  await locking.query('BEGIN')
  await locking.query('SELECT FROM sisy_task_run FOR UPDATE')
  await worker.stop()
  await begun.opened
  await locking.query('ROLLBACK')
  await locking.end()
  expect(await app.run(id)).toMatchObject({ state: 'running', result: null })
  expect(app.log.messages).toContainEqual(
    expect.stringContaining('1 runs are rescued when their lease is over'),
  )
})

test('an end whose row the mark of its own start has locked is written as soon as that is', async () => {
  const long = held()
  await using app = await openTestApp({ long: long.callable })
  await app.base.$executeRaw`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM pg_sleep(0.5); RETURN NEW; END $$`
  await app.base.$executeRaw`CREATE TRIGGER slow BEFORE UPDATE OF "startedAt" ON sisy_task_run FOR EACH ROW
    WHEN (NEW.state = 'running' AND NEW."startedAt" IS NOT NULL) EXECUTE FUNCTION slow()`
  const { id } = await app.prisma.task.runOnce('long')
  const drained = app.worker().drain()
  await long.started.opened
  app.clock.advance(50)
  await until(async () => {
    const marking = await app.base.$queryRaw<object[]>`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`
    return marking.length > 0
  })
  long.letGo.open()
  // The clock stands still: nothing is tried again by time.
  await drained
  expect(await app.run(id)).toMatchObject({ state: 'succeeded', result: 'kept' })
})
