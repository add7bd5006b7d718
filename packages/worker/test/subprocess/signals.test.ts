import { expect, test } from '@jest/globals'
import { settableClock, startNode } from '@sisy/test-kit'
import { fileURLToPath } from 'node:url'
import { openPool, type Deed } from './open-pool.js'
import { gone, isAlive, until } from './processes.js'

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('a %s from outside ends no run', async (signal) => {
  await using test = openPool()
  const [began, gate] = [test.file('began'), test.file('gate')]
  const run = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: gate.path, value: 'done' })
  process.kill(Number(await began.written()), signal)
  // A second one, which comes when the first has been handled.
  process.kill(Number(await began.written()), signal)
  gate.write()
  expect(await run.ended).toMatchObject({ kind: 'ok', value: 'done' })
  expect(test.ends).toEqual([])
})

test('user code may handle the SIGTERM that ends its process', async () => {
  await using test = openPool({ graceMs: 20 })
  const run = test.pool.begin({ do: 'handlesTermination' }, { name: 'tidy', timeoutMs: 50 })
  const end = test.next('ended')
  expect(await run.ended).toMatchObject({ kind: 'aborted', output: ['cleaned up'] })
  expect(await end).toMatchObject({ cause: 'overrun', exitCode: 9 })
  expect(test.output).toBe('[tidy] cleaned up\n')
})

test('a run goes on after SIGSTOP and SIGCONT', async () => {
  const clock = settableClock('2026-01-01T00:00:00Z')
  await using test = openPool({ clock })
  const [began, gate] = [test.file('began'), test.file('gate')]
  const run = test.pool.begin(
    { do: 'beginsAndWaits', began: began.path, file: gate.path, value: 'done' },
    { name: 'paused' },
  )
  const pid = Number(await began.written())
  process.kill(pid, 'SIGSTOP')
  for (let second = 0; second < 60; second += 1) clock.advance(1_000)
  expect(test.told).toEqual(['ready', 'blocked'])
  const unblocked = test.next('unblocked')
  process.kill(pid, 'SIGCONT')
  expect(await unblocked).toMatchObject({ pid, runs: ['paused'], ms: 59_000 })
  gate.write()
  expect(await run.ended).toMatchObject({ kind: 'ok', value: 'done', pid, blockedMs: 0 })
})

test.each<[string, Deed | undefined]>([
  ['returns', undefined],
  ['exits', { do: 'exits', code: 3 }],
  ['hangs until its timeout', { do: 'hangs' }],
  ['loops until its timeout', { do: 'loops' }],
])('what a run started ends with its process, when it %s', async (_, then) => {
  await using test = openPool({ graceMs: 20 })
  await test.ready(1)
  const run = test.pool.begin({ do: 'spawns', then }, { timeoutMs: 300 })
  const ended = await run.ended
  await test.pool.stop()
  const grandchild = Number(/grandchild (\d+)/.exec(test.output)?.[1])
  expect(ended.kind).toBe(then === undefined ? 'ok' : then.do === 'exits' ? 'crashed' : 'aborted')
  await gone(grandchild)
})

test.each<[string, Deed]>([
  ['hangs', { do: 'hangs' }],
  ['is in an infinite loop', { do: 'loops' }],
  ['floods its output', { do: 'floods', lines: 1e9 }],
])('nothing is left of a killed supervisor, though a run %s', async (_, then) => {
  const script = fileURLToPath(new URL('pool-supervisor.mjs', import.meta.url))
  const supervisor = startNode([script, JSON.stringify({ do: 'spawns', then })])
  const pids = new Set<number>()
  supervisor.child.stdout!.on('data', (text: string) => {
    for (const [, pid] of text.matchAll(/child (\d+)\n/g)) pids.add(Number(pid))
  })
  await until(() => pids.size === 3)
  expect([...pids].filter(isAlive)).toHaveLength(3)
  supervisor.child.kill('SIGKILL')
  await Promise.all([...pids].map(gone))
})

test('a supervisor that exits without stopping its pool takes its children along', async () => {
  const module = JSON.stringify(new URL('pool-module.mjs', import.meta.url).href)
  const pool = JSON.stringify(new URL('../../dist/subprocess/index.js', import.meta.url).href)
  const supervisor = startNode([
    '--input-type=module',
    '--eval',
    `import { createPool } from ${pool}
    const pool = createPool({ module: ${module}, processes: 1 })
    pool.on('ready', ({ pid }) => {
      pool.begin({ do: 'loops' })
      console.log(pid)
      setTimeout(() => { throw new Error('the supervisor fails') })
    })
    await pool.start()`,
  ])
  const { code, stdout, stderr } = await supervisor.ended
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('the supervisor fails') })
  await gone(Number(stdout))
})
