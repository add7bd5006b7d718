import { checkJson } from './check-json.js'
import type { JsonValue } from './json-value.js'

/** The database takes no JSON text much larger. */
const largestResult = 128 * 1024 * 1024

/**
 * What a callable returned, as JSON keeps it: a `Date` becomes text, a member that is `undefined` goes, nothing at all
 * becomes null.
 *
 * @throws TypeError for a BigInt or a cycle, RangeError for more than 128 million characters, NotSerialisableError for text the database cannot hold.
 */
export function storableResult(value: unknown): JsonValue {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) return null
  if (text.length > largestResult) {
    throw new RangeError(`it is ${text.length} characters of JSON, and at most ${largestResult} are kept`)
  }
  const result: unknown = JSON.parse(text)
  checkJson(result, 'result')
  return result
}
