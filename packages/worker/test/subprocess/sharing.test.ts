import { expect, test } from '@jest/globals'
import { Writable } from 'node:stream'
import { openPool } from './open-pool.js'

const shared = { processes: 1, concurrency: 3, graceMs: 20 }

test('a timeout retires the child: no new runs, the others finish, then it goes', async () => {
  await using test = openPool(shared)
  const [began, gate] = [test.file('began'), test.file('gate')]
  const other = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: gate.path, value: 'done' })
  const pid = Number(await began.written())
  const late = test.pool.begin({ do: 'hangs' }, { timeoutMs: 30 })
  expect(await late.ended).toMatchObject({ kind: 'aborted', reason: { code: 'POOL_TIMEOUT' }, pid })

  const elsewhere = await test.pool.begin({ do: 'pid' }).ended
  expect(elsewhere).toMatchObject({ kind: 'ok', value: elsewhere.pid })
  expect(elsewhere.pid).not.toBe(pid)
  expect(test.ends).toEqual([])

  const end = test.next('ended')
  gate.write()
  expect(await other.ended).toMatchObject({ kind: 'ok', value: 'done', pid })
  expect(await end).toMatchObject({ pid, cause: 'overrun', runs: [] })
})

test('a run that blocks its child until its timeout evicts the others', async () => {
  await using test = openPool({ ...shared, graceMs: 1_000 })
  const began = test.file('began')
  const other = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: '/nowhere' })
  const pid = Number(await began.written())
  const blocker = test.pool.begin({ do: 'loops' }, { name: 'blocker', timeoutMs: 2_500 })
  expect(await blocker.ended).toMatchObject({ kind: 'aborted', pid, reason: { code: 'POOL_TIMEOUT' } })
  expect((await blocker.ended).blockedMs).toBeGreaterThan(2_000)
  expect(await other.ended).toMatchObject({ kind: 'evicted', pid })
  expect(test.ends).toMatchObject([{ cause: 'overrun', pid, signal: 'SIGKILL' }])
})

test('a run that blocks its child after it was given up evicts the others', async () => {
  await using test = openPool(shared)
  const began = test.file('began')
  const other = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: '/nowhere' })
  const pid = Number(await began.written())
  const blocker = test.pool.begin({ do: 'hangsOrLoops', after: 'loop' }, { timeoutMs: 30 })
  expect(await blocker.ended).toMatchObject({ kind: 'aborted', pid })
  expect(await other.ended).toMatchObject({ kind: 'evicted', pid })
  expect(test.ends).toMatchObject([{ cause: 'overrun', pid, signal: 'SIGKILL' }])
})

test.each(['throwsInTimer', 'rejectsUnhandled'])(
  'an exception nobody catches names its culprit: %s',
  async (deed) => {
    await using test = openPool(shared)
    const began = test.file('began')
    const other = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: '/nowhere' })
    const pid = Number(await began.written())
    const culprit = test.pool.begin({ do: deed }, { name: 'culprit' })
    const end = test.next('ended')
    expect(await culprit.ended).toMatchObject({ kind: 'crashed', pid, thrown: expect.any(Error) })
    expect(await other.ended).toMatchObject({ kind: 'evicted', pid })
    expect(await end).toMatchObject({
      cause: 'crashed',
      runs: ['run 1', 'culprit'],
      error: expect.any(Error),
    })
  },
)

test('what a finished run left behind crashes no other run', async () => {
  await using test = openPool()
  const [began, gate] = [test.file('began'), test.file('gate')]
  await test.pool.run({ do: 'leavesThrower', file: gate.path }, { name: 'litterer' })
  const present = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: '/nowhere' })
  const pid = Number(await began.written())
  const end = test.next('ended')
  gate.write()
  expect(await present.ended).toMatchObject({ kind: 'evicted', pid })
  expect(await end).toMatchObject({ cause: 'crashed', error: { message: 'left behind' } })
})

test('a rejected run stays rejected, though its process dies before its last lines are read', async () => {
  const full = new Writable({ highWaterMark: 1, write: () => undefined })
  await using test = openPool({ output: { stdout: full, stderr: full } })
  await test.pool.run({ do: 'prints', texts: ['stops the reader\n'] })
  const end = test.next('ended')
  const run = test.pool.begin({ do: 'throwsThenDies' })
  expect(await run.ended).toMatchObject({ kind: 'error', thrown: { message: 'told in time' } })
  expect(await end).toMatchObject({ cause: 'crashed', exitCode: 5 })
})

test('process.exit names its culprit', async () => {
  await using test = openPool(shared)
  const began = test.file('began')
  const other = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: '/nowhere' })
  const pid = Number(await began.written())
  const culprit = test.pool.begin({ do: 'exits', code: 7 })
  expect(await culprit.ended).toMatchObject({ kind: 'crashed', exitCode: 7, pid })
  expect(await other.ended).toMatchObject({ kind: 'evicted', pid })
})

test('of runs at once each line has the name of its own', async () => {
  await using test = openPool(shared)
  const print = (name: string) =>
    test.pool.run({ do: 'prints', texts: [1, 2, 3].map((line) => `${name} ${line}\n`) }, { name })
  await Promise.all(['a', 'b', 'c'].map(print))
  await test.pool.stop()
  const lines = test.output.trimEnd().split('\n')
  expect(lines).toHaveLength(9)
  for (const name of ['a', 'b', 'c'])
    expect(lines.filter((line) => line.startsWith(`[${name}] `))).toEqual(
      [1, 2, 3].map((line) => `[${name}] ${name} ${line}`),
    )
})
