import { expect, test } from '@jest/globals'
import { startNode } from '@sisy/test-kit'
import { fileURLToPath } from 'node:url'
import { openPool } from './open-pool.js'
import { gone, isAlive } from './processes.js'

test('a child ends itself in time though its supervisor is stopped and a run blocks it', async () => {
  const script = fileURLToPath(new URL('pool-supervisor.mjs', import.meta.url))
  const supervisor = startNode([script, JSON.stringify({ do: 'marksAndLoops' }), '4000'])
  const pid = await new Promise<number>((resolve) => {
    supervisor.child.stdout!.on('data', (text: string) => {
      const [, found] = /looping in (\d+)\n/.exec(text) ?? []
      if (found !== undefined) resolve(Number(found))
    })
  })
  supervisor.child.kill('SIGSTOP')
  await gone(pid)
  expect(isAlive(supervisor.child.pid!)).toBe(true)
  supervisor.child.kill('SIGCONT')
  expect(await supervisor.ended).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`run ended evicted in ${pid}\n`),
  })
})

test('a child lives as long as the moment is moved, and goes with all its runs when it comes', async () => {
  await using test = openPool({ concurrency: 2 })
  const began = test.file('began')
  const soon = () => performance.now() + 1_500
  const moved = test.pool.begin(
    { do: 'beginsAndWaits', began: began.path, file: '/nowhere' },
    { liveUntil: soon() },
  )
  const pid = Number(await began.written())
  const other = test.pool.begin({ do: 'sleeps', ms: 2_000 }, { liveUntil: performance.now() + 60_000 })
  const moving = setInterval(() => moved.liveUntil(soon()), 100)
  expect(await other.ended).toMatchObject({ kind: 'ok', pid })
  clearInterval(moving)
  const end = test.next('ended')
  expect(await moved.ended).toMatchObject({ kind: 'evicted', pid })
  expect(await end).toMatchObject({ pid, cause: 'expired', signal: 'SIGKILL' })
})

test('a run whose moment is past does not begin', async () => {
  await using test = openPool()
  await test.ready(1)
  const late = test.pool.begin({ do: 'pid' }, { liveUntil: performance.now() })
  const next = test.pool.begin({ do: 'pid' })
  expect(await late.ended).toMatchObject({ kind: 'evicted', pid: null })
  expect(await next.ended).toMatchObject({ kind: 'ok', pid: test.pids[0] })
})
