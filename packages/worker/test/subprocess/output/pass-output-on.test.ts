import { expect, test } from '@jest/globals'
import { PassThrough, Writable } from 'node:stream'
import { createLastLines } from '../../../src/subprocess/output/last-lines.js'
import { lineTag } from '../../../src/subprocess/output/line-tag.js'
import { passOutputOn, type LinesOfRun } from '../../../src/subprocess/output/pass-output-on.js'
import { createSharedSink } from '../../../src/subprocess/output/shared-sink.js'

const lateRun = { run: 3, name: 'late' }

function open(names: readonly string[]) {
  const runs = new Map<number, LinesOfRun>(
    names.map((name, index) => [index + 1, { name, lastLines: createLastLines() }]),
  )
  let passed = ''
  const sink = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      passed += text
      done()
    },
  })
  const source = new PassThrough()
  const flush = passOutputOn(source, {
    sink: createSharedSink(sink),
    only: () => (runs.size === 1 ? runs.get(1) : undefined),
    find: (run) => runs.get(run),
    childName: 'process 7',
  })
  return {
    flush,
    read: () => passed,
    lastLines: (run: number) => runs.get(run)?.lastLines?.read(),
    /** Resolves when it has been read. */
    write: (text: string) =>
      new Promise<void>((resolve) => {
        source.once('data', () => resolve())
        source.write(text)
      }),
  }
}

test('lines that come in pieces are put together', async () => {
  const output = open(['one'])
  await output.write('a li')
  await output.write('ne\nanoth')
  expect(output.read()).toBe('[one] a line\n')
  await output.write('er\n')
  expect(output.read()).toBe('[one] a line\n[one] another\n')
  expect(output.lastLines(1)).toEqual(['a line', 'another'])
})

test('what has no newline is passed on when it is flushed, once', async () => {
  const output = open(['one'])
  await output.write('the end')
  output.flush()
  output.flush()
  expect(output.read()).toBe('[one] the end\n')
})

test('a tagged line has the name of its run, though that has ended', async () => {
  const output = open(['one', 'two'])
  const [one, two] = [lineTag({ run: 1, name: 'one' }), lineTag({ run: 2, name: 'two' })]
  await output.write(`${two}from two\n${one}from one\n${lineTag(lateRun)}from one that ended\nfrom nobody\n`)
  expect(output.read()).toBe(
    '[two] from two\n[one] from one\n[late] from one that ended\n[process 7] from nobody\n',
  )
  expect(output.lastLines(1)).toEqual(['from one'])
  expect(output.lastLines(2)).toEqual(['from two'])
})

test('no more than a long line is held back, and its pieces have one owner', async () => {
  const output = open(['one', 'two'])
  const tag = lineTag({ run: 2, name: 'two' })
  await output.write(`${tag}${'x'.repeat(70_000)}`)
  expect(output.read()).toBe(`[two] ${'x'.repeat(70_000)}\n`)
  await output.write(`yy\n${lineTag({ run: 1, name: 'one' })}z\n`)
  expect(output.read().split('\n').slice(1, 3)).toEqual(['[two] yy', '[one] z'])
  expect(output.lastLines(2)).toEqual(['x'.repeat(500), 'yy'])
})

test('empty lines stay', async () => {
  const output = open(['one'])
  await output.write('\n\na\n')
  expect(output.read()).toBe('[one] \n[one] \n[one] a\n')
})
