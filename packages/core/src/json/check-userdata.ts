import { InvalidTaskError } from '../errors/errors.js'
import { checkJson } from './check-json.js'
import type { JsonValue } from './json-value.js'

const mebibyte = 1024 ** 2

/** The most userdata that calls and `save()` take, bytes of JSON. */
export const largestUserdata = 16 * mebibyte

/**
 * The most userdata a row may hold, bytes as the database writes it out: it puts a space behind each comma and colon, so
 * what calls take always fits.
 */
export const largestStoredUserdata = 2 * largestUserdata

/**
 * Makes sure that userdata can be stored, and is of a size that workers fetch.
 *
 * @throws NotSerialisableError for what JSON would drop or change, InvalidTaskError for more than 16 MB of it.
 */
export function checkUserdata(value: unknown): asserts value is JsonValue {
  checkJson(value, 'userdata')
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes <= largestUserdata) return
  throw new InvalidTaskError(
    `userdata is ${megabytes(bytes)} of JSON; give at most ${megabytes(largestUserdata)}. Keep what is large in a table or a file of its own, and give its key.`,
    { field: 'userdata', value: bytes },
  )
}

/** Why a run fails whose userdata plain SQL made too large to be fetched. */
export function oversizeReason(bytes: number): string {
  return `Its userdata is ${megabytes(bytes)} or more, above the ${megabytes(largestStoredUserdata)} that workers fetch. Make it smaller, then retry the run.`
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / mebibyte)} MB`
}
