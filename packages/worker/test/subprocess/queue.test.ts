import { expect, test } from '@jest/globals'
import { openPool } from './open-pool.js'

test('as many runs wait as maxQueued allows, then the pool is full until there is room', async () => {
  await using test = openPool({ maxQueued: 2 })
  const { pool } = test
  await test.ready(1)
  expect(pool.free).toBe(1)
  const gate = test.file('gate')
  const begin = (value: number) => pool.begin({ do: 'waits', file: gate.path, value })
  const runs = [begin(1), begin(2), begin(3)]
  expect(pool.free).toBe(0)
  expect(() => begin(4)).toThrow(expect.objectContaining({ code: 'POOL_FULL', facts: { maxQueued: 2 } }))
  await expect(pool.run({ do: 'returns' })).rejects.toMatchObject({ code: 'POOL_FULL' })
  const room = pool.room()
  gate.write()
  await room
  runs.push(begin(4))
  const ended = await Promise.all(runs.map((run) => run.ended))
  expect(ended.map((run) => run.kind === 'ok' && run.value)).toEqual([1, 2, 3, 4])
  expect(ended.every(({ pid }) => pid === test.pids[0])).toBe(true)
})

test('with maxQueued 0 each run needs a free child', async () => {
  await using test = openPool({ maxQueued: 0 })
  expect(() => test.pool.begin({ do: 'returns' })).toThrow(expect.objectContaining({ code: 'POOL_FULL' }))
  await test.pool.room()
  const first = test.pool.begin({ do: 'returns', value: 1 })
  expect(() => test.pool.begin({ do: 'returns' })).toThrow(expect.objectContaining({ code: 'POOL_FULL' }))
  await test.pool.room()
  expect(await first.ended).toMatchObject({ kind: 'ok', value: 1 })
  expect(await test.pool.run({ do: 'returns', value: 2 })).toBe(2)
})

test('room comes when a run that waits is aborted', async () => {
  await using test = openPool({ maxQueued: 1 })
  await test.ready(1)
  const [, waiting] = [test.pool.begin({ do: 'hangs' }), test.pool.begin({ do: 'returns' })]
  const room = test.pool.room()
  waiting.abort(new Error('not needed'))
  await room
  expect(await waiting.ended).toMatchObject({ kind: 'aborted', reason: { message: 'not needed' }, pid: null })
})

test('free tells when more can begin', async () => {
  await using test = openPool({ processes: 2, concurrency: 2 })
  await test.ready(2)
  expect(test.pool.free).toBe(4)
  const runs = [1, 2, 3, 4, 5].map(() => test.pool.begin({ do: 'rejectsOnAbort' }))
  expect(test.pool.free).toBe(0)
  runs[4]!.abort('waiting still')
  const free = test.next('free')
  runs[0]!.abort('running')
  await free
  expect(test.pool.free).toBe(1)
  for (const run of runs) run.abort('over')
  expect((await Promise.all(runs.map((run) => run.ended))).map(({ kind }) => kind)).toEqual(
    runs.map(() => 'aborted'),
  )
})

test('runs begin in the order they were given, over all children', async () => {
  await using test = openPool({ processes: 2, concurrency: 2 })
  const pids = await Promise.all(Array.from({ length: 4 }, () => test.pool.run({ do: 'pid' })))
  expect(new Set(pids).size).toBeLessThanOrEqual(2)
  const order: unknown[] = []
  const single = openPool()
  await using _single = single
  await Promise.all(
    [1, 2, 3].map((value) => single.pool.run({ do: 'returns', value }).then((v) => order.push(v))),
  )
  expect(order).toEqual([1, 2, 3])
})

test('a signal aborts a run before it is given, while it waits, and while it runs', async () => {
  await using test = openPool()
  const early = test.pool.begin({ do: 'returns' }, { signal: AbortSignal.abort('too early') })
  expect(await early.ended).toMatchObject({ kind: 'aborted', reason: 'too early', pid: null, durationMs: 0 })

  const [running, waiting] = [new AbortController(), new AbortController()]
  await test.ready(1)
  const first = test.pool.begin({ do: 'rejectsOnAbort' }, { signal: running.signal })
  const second = test.pool.begin({ do: 'returns' }, { signal: waiting.signal })
  waiting.abort(new Error('while it waited'))
  expect(await second.ended).toMatchObject({ kind: 'aborted', reason: waiting.signal.reason, pid: null })
  running.abort(new Error('while it ran'))
  expect(await first.ended).toMatchObject({ kind: 'aborted', reason: running.signal.reason })
  expect((await first.ended).pid).toBe(test.pids[0])
  await expect(
    test.pool.run({ do: 'returns' }, { signal: AbortSignal.abort(new Error('why')) }),
  ).rejects.toThrow('why')
  expect(test.ends).toEqual([])
})

test('user code gets the reason of an abort, with its name and code', async () => {
  await using test = openPool()
  const began = test.file('began')
  const run = test.pool.begin({ do: 'returnsOnAbort', began: began.path })
  await began.written()
  run.abort(Object.assign(new Error('changed my mind'), { name: 'MindError', code: 'E_MIND' }))
  expect(await run.ended).toMatchObject({ kind: 'ok', value: { name: 'MindError', code: 'E_MIND' } })
})

test('kill ends a process at once, with the others that run there', async () => {
  await using test = openPool({ concurrency: 2 })
  const [one, two] = [test.file('one'), test.file('two')]
  const first = test.pool.begin({ do: 'beginsAndWaits', began: one.path, file: '/nowhere' })
  const second = test.pool.begin({ do: 'beginsAndWaits', began: two.path, file: '/nowhere' })
  await Promise.all([one.written(), two.written()])
  first.kill(new Error('enough'))
  expect(await first.ended).toMatchObject({ kind: 'aborted', reason: { message: 'enough' } })
  expect(await second.ended).toMatchObject({ kind: 'evicted', pid: (await first.ended).pid })
})

test('stop waits for all runs, and takes no more', async () => {
  await using test = openPool()
  const [began, gate] = [test.file('began'), test.file('gate')]
  const running = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: gate.path, value: 1 })
  const waiting = test.pool.begin({ do: 'prints', texts: ['last words'] })
  await began.written()
  const stopped = test.pool.stop()
  expect(test.pool.stop()).toBe(stopped)
  expect(() => test.pool.begin({ do: 'returns' })).toThrow(expect.objectContaining({ code: 'POOL_STOPPED' }))
  await expect(test.pool.run({ do: 'returns' })).rejects.toMatchObject({ code: 'POOL_STOPPED' })
  gate.write()
  await stopped
  expect(await running.ended).toMatchObject({ kind: 'ok', value: 1 })
  expect(await waiting.ended).toMatchObject({ kind: 'ok' })
  expect(test.output).toBe('[run 2] last words\n')
  expect(test.ends).toMatchObject([{ cause: 'stopped', exitCode: 0 }])
})

test('stopNow waits for no run, also while stop does', async () => {
  await using test = openPool({ processes: 2 })
  const runs = [1, 2, 3].map(() => test.pool.begin({ do: 'loops' }))
  await test.ready(2)
  const stopped = test.pool.stop()
  await Promise.all([test.pool.stopNow(), test.pool.stopNow()])
  await stopped
  for (const { ended } of runs)
    expect(await ended).toMatchObject({ kind: 'aborted', reason: { code: 'POOL_STOPPED' } })
  expect(test.ends.map(({ cause }) => cause)).toEqual(['stopped', 'stopped'])
})

test.each(['stop', 'stopNow'] as const)('%s of a pool that was not started, twice', async (stop) => {
  await using test = openPool()
  await test.pool[stop]()
  await test.pool[stop]()
  await expect(test.pool.start()).rejects.toMatchObject({ code: 'POOL_STOPPED' })
  await expect(test.pool.run({ do: 'returns' })).rejects.toMatchObject({ code: 'POOL_STOPPED' })
  await test.pool.room()
  expect(test.told).toEqual([])
})

test('stop ends a child that is not ready yet', async () => {
  await using test = openPool({ data: { setup: 'hangs' } })
  const start = test.pool.start()
  await test.pool.stop()
  await expect(start).rejects.toMatchObject({ code: 'POOL_STOPPED' })
  expect(test.ends).toMatchObject([{ cause: 'stopped' }])
})

test('what run rejects with tells how it ended', async () => {
  await using test = openPool({ graceMs: 10 })
  const rejected = (deed: string, options = {}) =>
    test.pool.run({ do: deed, code: 7 }, { name: 'it', ...options }).catch((error: unknown) => error)
  expect(await rejected('exits')).toMatchObject({
    code: 'POOL_CRASH',
    message: expect.stringMatching(/^Process \d+ ended by exit code 7 while it ran it\.$/),
  })
  expect(await rejected('throwsInTimer')).toMatchObject({
    code: 'POOL_CRASH',
    cause: { message: 'in a timer' },
    message: expect.stringContaining('(Error: in a timer)'),
  })
  expect(await rejected('hangs', { timeoutMs: 20 })).toMatchObject({
    code: 'POOL_TIMEOUT',
    message: 'it took longer than its timeoutMs of 20.',
  })
})
