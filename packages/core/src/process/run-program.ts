import { describeDatabaseError } from './describe-database-error.js'
import { oneLine } from '../errors/one-line.js'
import { errorRecord } from '../run/error-record.js'
import { SisyError } from '../errors/sisy-error.js'

/** A program and how it tells of its failure. */
export interface Program {
  /** The bin's name, which begins the line a failure is told in. */
  readonly name: string
  /** What to do. Resolves when done, with the exit code; undefined means 0. */
  readonly main: () => Promise<number | undefined>
  /** `debug` and `trace` show the stack trace of a failure. Asked only when there is one. */
  readonly logLevel: () => string
}

/**
 * Runs a bin's program and ends the process: with the code it returned, 0 by default, or with 1 when it threw. A
 * failure is one line on standard error.
 */
export async function runProgram({ name, main, logLevel }: Program): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe)
  const code = await main().catch((thrown: unknown) => {
    process.stderr.write(`${name}: ${failureLine(thrown)}\n`)
    if (['debug', 'trace'].includes(logLevel()) && thrown instanceof Error)
      process.stderr.write(`${errorRecord(thrown).stack}\n`)
    return 1
  })
  // What user code left open (pools, timers) must not keep the process; what was written must arrive first.
  await Promise.all([flushed(process.stdout), flushed(process.stderr)])
  process.exit(code ?? 0)
}

/** Whoever read the output, `head` or a log collector, may be gone: that ends no work under way. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

function failureLine(thrown: unknown): string {
  const known = thrown instanceof SisyError ? thrown : describeDatabaseError(thrown)
  return known === undefined ? `unexpected error: ${oneLine(thrown)}` : oneLine(known)
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}
