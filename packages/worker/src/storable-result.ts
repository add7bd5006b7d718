import { checkJson, type JsonValue } from '@sisy/core/internal'

/**
 * What a callable returned, as JSON keeps it: a `Date` becomes text, a member that is `undefined` goes, nothing at all
 * becomes null.
 *
 * @throws TypeError for a BigInt or a cycle, NotSerialisableError for text the database cannot hold.
 */
export function storableResult(value: unknown): JsonValue {
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) return null
  const result: unknown = JSON.parse(text)
  checkJson(result, 'result')
  return result
}
