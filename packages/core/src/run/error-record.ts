import { inspect } from 'node:util'
import { withoutSecrets } from '../errors/without-secrets.js'
import { storableText } from '../json/storable-text.js'
import type { ErrorRecord } from './outcome.js'

const longestMessage = 10_000
const longestStack = 20_000

/** How many causes of causes are kept. */
const deepestCause = 4

/** Anything thrown, as logs keep it: capped in size, without secrets, and without what `jsonb` cannot hold. */
export function errorRecord(thrown: unknown): ErrorRecord {
  return recordOf(thrown, 0)
}

function recordOf(thrown: unknown, depth: number): ErrorRecord {
  if (!(thrown instanceof Error))
    return { name: 'NonError', message: storable(inspect(thrown), longestMessage) }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
  return {
    name: storable(thrown.name, longestMessage),
    message: storable(thrown.message, longestMessage),
    ...(code !== undefined && { code: storable(code, longestMessage) }),
    ...(thrown.stack !== undefined && { stack: storable(thrown.stack, longestStack) }),
    ...(thrown.cause !== undefined && depth < deepestCause && { cause: recordOf(thrown.cause, depth + 1) }),
  }
}

function storable(value: unknown, longest: number): string {
  // Nothing keeps a thrown error from having a number as its name.
  // A secret is looked for before its end is cut off, though not in all of a text of any size.
  const text = withoutSecrets(String(value).slice(0, longest * 2))
  const short = text.length > longest ? `${text.slice(0, longest)}…` : text
  return storableText(short)
}
