import type { Writable } from 'node:stream'
import { pino, type Logger } from 'pino'
import { PinoPretty } from 'pino-pretty'
import { errorRecord } from '../run/error-record.js'
import type { LogLevel } from '../config/define-config.js'

export type { Logger }

/** How a process logs. */
export interface LoggerOptions {
  readonly level: LogLevel
  /** Which process it is: `sisy-heartbeat`, `sisy-worker`. */
  readonly name: string
  /** Where lines go. Default: standard output. */
  readonly stream?: Writable & { readonly isTTY?: boolean }
}

/** A logger that writes one JSON object per line, or lines for people when its stream is a terminal. */
export function createLogger({ level, name, stream = process.stdout }: LoggerOptions): Logger {
  // A stream, not a transport: a transport is a thread of its own, which loses the last lines of a process that exits.
  const destination = stream.isTTY
    ? PinoPretty({
        destination: stream,
        sync: true,
        colorize: true,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss.l',
      })
    : stream
  // Of an error only what is known to hold no secret: an invalid URL, for example, carries itself as a member.
  return pino({ level, name, serializers: { err: errorRecord } }, destination)
}
