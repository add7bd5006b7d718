import type { Readable, Writable } from 'node:stream'
import { listen } from '../listen.js'

/** One stream that many children write to; a slow reader slows the children down, and no memory fills up. */
export interface SharedSink extends Disposable {
  /** Writes a text that came from a source; the source is paused while the sink is full. */
  write(text: string, source: Readable): void
}

export function createSharedSink(writable: Writable): SharedSink {
  const paused = new Set<Readable>()

  const resumeAll = (): void => {
    for (const source of paused) source.resume()
    paused.clear()
  }
  // Whoever read it may go: neither the children nor the supervisor may suffer from that.
  const stopListening = ['drain', 'close', 'error'].map((event) => listen(writable, event, resumeAll))

  return {
    write: (text, source) => {
      if (!writable.writable || writable.write(text)) return
      paused.add(source)
      source.pause()
    },
    [Symbol.dispose]() {
      for (const stop of stopListening) stop()
      resumeAll()
    },
  }
}
