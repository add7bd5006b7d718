import type { Readable } from 'node:stream'
import { createLastLines, type LastLines } from './last-lines.js'
import { linePrefix, readTaggedLine, type LineOwner } from './line-tag.js'
import type { SharedSink } from './shared-sink.js'

export interface OutputOptions {
  /** Null drops the output, but for the last lines of each run. */
  readonly sink: SharedSink | null
  /** The run that has the child to itself: a line that does not say whose it is can only be this one's. */
  readonly only: () => LinesOfRun | undefined
  readonly find: (run: number) => LinesOfRun | undefined
  /** What stands in front of lines that belong to no run. */
  readonly childName: string
}

/** As much of a run as output needs. */
export interface LinesOfRun {
  readonly name: string
  /** Made when it writes its first line. */
  lastLines: LastLines | null
}

/** A line longer than this is passed on in pieces, so that no memory fills up. Characters. */
const longestLine = 65_536

/** Where the output of a pool's children goes. */
export interface OutputSinks {
  readonly stdout: SharedSink
  readonly stderr: SharedSink
}

/** Passes both streams of a child on. @returns passes on what has no newline yet. */
export function passAllOutputOn(
  child: { readonly stdout: Readable; readonly stderr: Readable },
  sinks: OutputSinks | null,
  options: Omit<OutputOptions, 'sink'>,
): () => void {
  const flushes = (['stdout', 'stderr'] as const).map((stream) =>
    passOutputOn(child[stream], { ...options, sink: sinks === null ? null : sinks[stream] }),
  )
  return () => {
    for (const flush of flushes) flush()
  }
}

/** Passes a child's output on, line by line, each with its run's name in front. @returns passes on what has no newline yet. */
export function passOutputOn(source: Readable, options: OutputOptions): () => void {
  const { sink, only, find, childName } = options
  let unfinished = ''
  /** Whose line was passed on in part; undefined at the beginning of a line. */
  let cut: LineOwner | null | undefined

  /** @param newlines how many of the lines are whole, from the first. */
  function pass(lines: readonly string[], newlines: number): void {
    const single = only()
    const gathered = new Map<LinesOfRun, { readonly texts: string[]; newlines: number }>()
    let passed = ''
    for (const [index, line] of lines.entries()) {
      const { owner, text } = cut === undefined ? readTaggedLine(line) : { owner: cut, text: line }
      cut = index < newlines ? undefined : owner
      const run = owner === null ? single : find(owner.run)
      passed += `${linePrefix(owner?.name ?? single?.name ?? childName)}${text}\n`
      if (run === undefined) continue
      const own = gathered.get(run) ?? { texts: [], newlines: 0 }
      gathered.set(run, own)
      own.texts.push(text)
      if (index < newlines) own.newlines += 1
    }
    if (passed !== '') sink?.write(passed, source)
    for (const [run, own] of gathered) {
      run.lastLines ??= createLastLines()
      run.lastLines.add(own.texts, own.newlines)
    }
  }

  source.setEncoding('utf8')
  source.on('data', (chunk: string) => {
    const lines = `${unfinished}${chunk}`.split('\n')
    unfinished = lines.pop() ?? ''
    const newlines = lines.length
    if (unfinished.length > longestLine) {
      lines.push(unfinished)
      unfinished = ''
    }
    pass(lines, newlines)
  })
  // A process that is killed breaks its pipes; that it ended is told elsewhere.
  source.on('error', () => undefined)
  return () => {
    if (unfinished !== '') pass([unfinished], 0)
    unfinished = ''
  }
}
