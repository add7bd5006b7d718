import { inspect } from 'node:util'
import type { ErrorRecord } from './outcome.js'

const longestMessage = 10_000
const longestStack = 20_000

/** Anything thrown, as the attempt log keeps it: capped in size, and without what `jsonb` cannot hold. */
export function errorRecord(thrown: unknown): ErrorRecord {
  if (!(thrown instanceof Error))
    return { name: 'NonError', message: storable(inspect(thrown), longestMessage) }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
  return {
    name: storable(thrown.name, longestMessage),
    message: storable(thrown.message, longestMessage),
    ...(code !== undefined && { code: storable(code, longestMessage) }),
    ...(thrown.stack !== undefined && { stack: storable(thrown.stack, longestStack) }),
  }
}

/** PostgreSQL's `jsonb` refuses the character NUL and unpaired surrogates. */
function storable(value: unknown, longest: number): string {
  // Nothing keeps a thrown error from having a number as its name.
  const text = String(value)
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text
  return short.replaceAll('\0', '\u2400').toWellFormed()
}
