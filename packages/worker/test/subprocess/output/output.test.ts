import { expect, test } from '@jest/globals'
import { Writable } from 'node:stream'
import { openPool } from '../open-pool.js'
import { until } from '../processes.js'

const mebibyte = 2 ** 20

test('each line has the name of its run in front', async () => {
  await using test = openPool()
  const [one, two] = ['line 1\nline 2\n', 'line 3\n']
  await test.pool.run({ do: 'prints', texts: [one, two] }, { name: 'report' })
  await test.pool.run({ do: 'prints', texts: ['oh\n'], stream: 'stderr' }, { name: 'two\nlines' })
  await test.pool.stop()
  expect(test.output).toBe('[report] line 1\n[report] line 2\n[report] line 3\n[two lines] oh\n')
})

test('what is written outside any run has the name of its process', async () => {
  await using test = openPool({ data: { setup: 'prints', text: 'warming up\n' } })
  await test.pool.start()
  await test.pool.stop()
  expect(test.output).toBe(`[process ${test.pids[0]}] warming up\n`)
})

test.each([
  ['a run that returns', undefined],
  ['a run that throws', { do: 'throws' }],
  ['a run that exits', { do: 'exits', code: 7 }],
  ['a run that aborts its process', { do: 'aborts' }],
])('a last line without a newline: %s', async (_, then) => {
  await using test = openPool()
  const run = test.pool.begin({ do: 'prints', texts: ['begun ', 'and ended'], then }, { name: 'partial' })
  expect((await run.ended).output).toContain('begun and ended')
  await test.pool.stop()
  expect(test.output).toContain('[partial] begun and ended\n')
})

test('a character that is written in halves arrives whole', async () => {
  await using test = openPool()
  const bytes = [...Buffer.from('naïve 🐘\n')]
  await test.pool.run({ do: 'prints', texts: bytes.map((byte) => [byte]) }, { name: 'halves' })
  await test.pool.stop()
  expect(test.output).toBe('[halves] naïve 🐘\n')
})

test('a line that another run interrupts is ended there', async () => {
  await using test = openPool({ concurrency: 2 })
  const [began, gate] = [test.file('began'), test.file('gate')]
  const wait = { do: 'beginsAndWaits', began: began.path, file: gate.path }
  const one = test.pool.run({ do: 'prints', texts: ['half of '], then: wait }, { name: 'one' })
  await began.written()
  await test.pool.run({ do: 'prints', texts: ['whole\n'] }, { name: 'two' })
  gate.write()
  await one
  await test.pool.stop()
  expect(test.output).toBe('[one] half of \n[two] whole\n')
})

test('a very long line arrives in pieces, each with its name', async () => {
  await using test = openPool({ concurrency: 2 })
  const began = test.file('began')
  void test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: '/nowhere' })
  await began.written()
  const long = Array.from({ length: 50_000 }, (_, index) => `${index} `).join('')
  const run = test.pool.begin(
    { do: 'prints', texts: [`${long}\nnext\n`], then: { do: 'throws' } },
    { name: 'long' },
  )
  expect((await run.ended).output.at(-1)).toBe('next')
  const lines = test.output.trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(2)
  expect(lines.every((line) => line.startsWith('[long] '))).toBe(true)
  expect(lines.at(-1)).toBe('[long] next')
  const pieces = lines.slice(0, -1).map((line) => line.slice('[long] '.length))
  expect(pieces.join('')).toBe(long)
})

test('what Node knows nothing of belongs to the only run there is', async () => {
  await using test = openPool()
  const run = test.pool.begin({ do: 'printsRaw', text: 'past Node\n' }, { name: 'raw' })
  await run.ended
  await test.pool.stop()
  expect(test.output).toBe('[raw] past Node\n[raw] from a process it started\n')
})

test.each([
  ['throws', { do: 'throws' }],
  ['exits', { do: 'exits', code: 7 }],
  ['is aborted', { do: 'aborts' }],
  ['throws where nobody catches', { do: 'throwsInTimer' }],
])('the last lines of a flood are complete when its run %s', async (_, then) => {
  await using test = openPool({ output: null })
  const run = test.pool.begin({ do: 'floods', lines: 20_000, then })
  const { output } = await run.ended
  const flood = output.filter((line) => line.startsWith('line '))
  expect(flood.at(-1)).toMatch(/^line 20000 x+$/)
  if (output.length === flood.length) expect(flood).toHaveLength(40)
})

test('a slow sink slows the child down, and fills nobody’s memory', async () => {
  let received = 0
  let buffered = 0
  const slow = new Writable({
    write(chunk: Buffer, _encoding, done) {
      received += chunk.length
      buffered = Math.max(buffered, slow.writableLength)
      setImmediate(done)
    },
  })
  await using test = openPool({ output: { stdout: slow, stderr: slow } })
  const flood = { do: 'floods', lines: 10_000, width: 10_000 }
  const { kind, peakMemory } = await test.pool.begin(flood).ended
  expect(kind).toBe('ok')
  expect(peakMemory).toBeLessThan(150 * mebibyte)
  await test.pool.stop()
  await until(() => received > 100_000_000)
  expect(buffered).toBeLessThan(2 * mebibyte)
})

test.each([
  ['closed', () => new Writable({ write: (_chunk, _encoding, done) => done() }).destroy()],
  ['broken', () => new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })],
  ['full when it is closed', closedWhenFull],
])('a sink that is %s hangs nobody', async (_, open) => {
  const sink = open()
  await using test = openPool({ output: { stdout: sink, stderr: sink } })
  expect(await test.pool.run({ do: 'floods', lines: 20_000 })).toBe(20_000)
  const last = await test.pool.begin({
    do: 'prints',
    texts: ['last words\n'],
    then: { do: 'exits', code: 1 },
  }).ended
  expect(last).toMatchObject({ kind: 'crashed', output: ['last words'] })
})

function closedWhenFull(): Writable {
  const sink = new Writable({ highWaterMark: 1, write: () => void setImmediate(() => sink.destroy()) })
  return sink
}

test('many pools share a sink without burdening it', async () => {
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() })
  for (let count = 0; count < 3; count += 1) {
    await using test = openPool({ output: { stdout: sink, stderr: sink } })
    await test.pool.run({ do: 'returns' })
  }
  expect(sink.eventNames().filter((name) => sink.listenerCount(name) > 0)).toEqual([])
})
