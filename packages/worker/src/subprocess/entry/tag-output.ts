import { StringDecoder } from 'node:string_decoder'
import { lineTag, type LineOwner } from '../output/line-tag.js'

/** Standard output and standard error that say which run wrote a line. */
export interface TaggedOutput {
  /** A run is over: ends a line it left without a newline. @returns how many lines it wrote in all. */
  finish(owner: LineOwner): number
}

/** Tags the lines of a process. `owner` tells the run that is executing; null outside any. */
export function tagOutput(owner: () => LineOwner | null): TaggedOutput {
  const streams = [process.stdout, process.stderr].map((stream) => tagStream(stream, owner))
  return { finish: (run) => streams.reduce((lines, stream) => lines + stream.finish(run), 0) }
}

type Write = NodeJS.WriteStream['write']

/** What one run wrote to one stream; also what was written outside any. */
interface Written {
  readonly tag: string
  lines: number
  /** Keeps the first bytes of a character until the others come. */
  readonly decoder: StringDecoder
}

function tagStream(stream: NodeJS.WriteStream, currentOwner: () => LineOwner | null): TaggedOutput {
  const writers = new WeakMap<LineOwner, Written>()
  const nobody: Written = { tag: '', lines: 0, decoder: new StringDecoder() }
  /** Whose line has no newline yet. */
  let open: Written | undefined
  const write: Write = stream.write.bind(stream)
  writeAtOnce(stream)

  function writerOf(owner: LineOwner | null): Written {
    if (owner === null) return nobody
    const writer = writers.get(owner) ?? { tag: lineTag(owner), lines: 0, decoder: new StringDecoder() }
    writers.set(owner, writer)
    return writer
  }

  function endLine(): string {
    if (open === undefined) return ''
    open.lines += 1
    open = undefined
    return '\n'
  }

  /** Each line with its tag. A line that another began is ended first. */
  function tagged(writer: Written, text: string): string {
    const before = open === writer ? '' : endLine()
    const lines = text.split('\n')
    const unfinished = lines.pop() ?? ''
    const first = open === undefined ? writer.tag : ''
    writer.lines += lines.length
    const whole = lines.map((line, index) => `${index === 0 ? first : writer.tag}${line}\n`).join('')
    if (lines.length > 0) open = undefined
    if (unfinished === '') return `${before}${whole}`
    const begun = open === undefined ? writer.tag : ''
    open = writer
    return `${before}${whole}${begun}${unfinished}`
  }

  stream.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    const writer = writerOf(currentOwner())
    const encoding = typeof rest[0] === 'string' ? (rest[0] as BufferEncoding) : undefined
    const callback = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk)
    const text = writer.decoder.write(bytes)
    return write(text === '' ? '' : tagged(writer, text), callback)
  }
  return {
    finish: (owner) => {
      const writer = writers.get(owner)
      if (writer === undefined) return 0
      if (open === writer) write(endLine())
      return writer.lines
    },
  }
}

/**
 * Makes a pipe take what is written before `write` returns: a process that dies loses nothing it wrote, and one that
 * writes faster than its output is read waits instead of filling its memory. Node does so for files and terminals by
 * itself, and has no public name for it.
 */
function writeAtOnce(stream: NodeJS.WriteStream): void {
  const handle: unknown = Reflect.get(stream, '_handle')
  if (typeof handle !== 'object' || handle === null || !('setBlocking' in handle)) return
  if (typeof handle.setBlocking === 'function') Reflect.apply(handle.setBlocking, handle, [true])
}
