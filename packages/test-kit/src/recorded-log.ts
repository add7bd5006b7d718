import { createLogger, type Logger } from '@sisy/core/internal'
import { Writable } from 'node:stream'

/** A logger whose lines a test can read. */
export interface RecordedLog {
  readonly logger: Logger
  /** Messages so far, oldest first. */
  readonly messages: readonly string[]
}

export function recordedLog(): RecordedLog {
  const messages: string[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString().trim().split('\n'))
        messages.push((JSON.parse(line) as { msg: string }).msg)
      done()
    },
  })
  return { logger: createLogger({ name: 'test', level: 'debug', stream }), messages }
}
