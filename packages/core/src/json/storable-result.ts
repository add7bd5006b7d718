import { checkJson } from './check-json.js'
import type { JsonValue } from './json-value.js'

const mebibyte = 1024 ** 2

/** The most a result may be, bytes of JSON: as much as userdata. With more, its end would not be written in time. */
const largestResult = 16 * mebibyte

/**
 * What a callable returned, as JSON keeps it: a `Date` becomes text, a member that is `undefined` goes, nothing at all
 * becomes null.
 *
 * @throws TypeError for a BigInt or a cycle, RangeError for more than 16 MB of JSON, NotSerialisableError for text the database cannot hold.
 */
export function storableResult(value: unknown): JsonValue {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) return null
  const bytes = Buffer.byteLength(text)
  if (bytes > largestResult) {
    throw new RangeError(
      `it is ${Math.ceil(bytes / mebibyte)} MB of JSON, and at most ${largestResult / mebibyte} MB are kept; write what is large to a table or a file of its own, and return its key`,
    )
  }
  const result: unknown = JSON.parse(text)
  checkJson(result, 'result')
  return result
}
