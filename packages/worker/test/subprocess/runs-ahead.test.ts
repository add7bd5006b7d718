import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { openPool, type Deed, type TestPool } from './open-pool.js'

/** Lets the pool see that its runs are quick, so that it sends the next ones ahead. */
async function warmUp({ pool }: TestPool): Promise<void> {
  for (let count = 0; count < 40; count += 1) await pool.run({ do: 'returns' })
}

const linesOf = (path: string) => readFileSync(path, 'utf8').trim().split('\n')

test('what waits behind a run that blocks after all is taken back, and begins elsewhere, once', async () => {
  await using test = openPool({ processes: 2, graceMs: 0 })
  await test.ready(2)
  await warmUp(test)
  const { path } = test.file('begins')
  const mark = (line: string, then?: Deed) => test.pool.begin({ do: 'marks', file: path, line, then })
  const loops = ['loop 1', 'loop 2'].map((line) => mark(line, { do: 'loops' }))
  const quick = Array.from({ length: 12 }, (_, n) => mark(`quick ${n}`))
  // One of the two goes; the other blocks its child to the end.
  loops[0]?.abort('enough')
  const ended = await Promise.all(quick.map((run) => run.ended))
  expect(ended.map(({ kind }) => kind)).toEqual(quick.map(() => 'ok'))
  expect(linesOf(path).toSorted()).toEqual(
    ['loop 1', 'loop 2', ...quick.map((_, n) => `quick ${n}`)].toSorted(),
  )
  loops[1]?.abort('enough')
  for (const loop of loops) expect(await loop.ended).toMatchObject({ kind: 'aborted', reason: 'enough' })
})

test('a child that dies takes nothing along that it was sent ahead', async () => {
  await using test = openPool()
  await warmUp(test)
  const { path } = test.file('begins')
  const exit = test.pool.begin({ do: 'marks', file: path, line: 'exit', then: { do: 'exits', code: 7 } })
  const quick = Array.from({ length: 6 }, (_, n) =>
    test.pool.begin({ do: 'marks', file: path, line: `quick ${n}` }),
  )
  const { pid } = await exit.ended
  for (const run of quick) {
    const ended = await run.ended
    expect(ended).toMatchObject({ kind: 'ok' })
    expect(ended.pid).not.toBe(pid)
  }
  // In which order they come back is nobody's business.
  expect(linesOf(path).toSorted()).toEqual(['exit', ...quick.map((_, n) => `quick ${n}`)])
})

test('one that is aborted while it waits ahead never begins', async () => {
  await using test = openPool({ graceMs: 60_000 })
  await warmUp(test)
  const { path } = test.file('begins')
  const first = test.pool.begin({ do: 'marks', file: path, line: 'first', then: { do: 'sleeps', ms: 10 } })
  const second = test.pool.begin({ do: 'marks', file: path, line: 'second' })
  second.abort('not wanted')
  expect(await second.ended).toMatchObject({ kind: 'aborted', reason: 'not wanted' })
  expect(await first.ended).toMatchObject({ kind: 'ok' })
  expect(linesOf(path)).toEqual(['first'])
})

test('whatever takes how long, each run begins once, and ends as it should', async () => {
  await using test = openPool({ processes: 2, maxQueued: 1000 })
  await warmUp(test)
  const { path } = test.file('begins')
  const deeds = Array.from({ length: 200 }, (_, n): [Deed | undefined, string] => {
    if (n % 97 === 50) return [{ do: 'exits', code: 3 }, 'crashed']
    if (n % 41 === 20) return [{ do: 'blocksFor', ms: 40 }, 'ok']
    if (n % 23 === 11) return [{ do: 'sleeps', ms: 30 }, 'ok']
    return [undefined, 'ok']
  })
  const runs = deeds.map(([then], n) => test.pool.begin({ do: 'marks', file: path, line: `${n}`, then }))
  const ended = await Promise.all(runs.map((run) => run.ended))
  expect(ended.map(({ kind }) => kind)).toEqual(deeds.map(([, kind]) => kind))
  expect(
    linesOf(path)
      .map(Number)
      .toSorted((a, b) => a - b),
  ).toEqual(deeds.map((_, n) => n))
})

test.each([1, 3])(
  'quick runs that write lines all end, each with its own: concurrency %i',
  async (concurrency) => {
    await using test = openPool({ concurrency })
    await warmUp(test)
    const runs = Array.from({ length: 200 }, (_, n) =>
      test.pool.begin({ do: 'prints', texts: [`line ${n}\n`] }),
    )
    const ended = await Promise.all(runs.map((run) => run.ended))
    expect(ended.map(({ kind }) => kind)).toEqual(runs.map(() => 'ok'))
    expect(ended.map(({ output }) => output)).toEqual(runs.map((_, n) => [`line ${n}`]))
  },
)
