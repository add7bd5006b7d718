import { deserializeError, isErrorLike, serializeError } from 'serialize-error'
import { inspect } from 'node:util'
import type { Thrown } from './messages.js'
import { fromWire, toWire } from './wire-value.js'

/** Takes anything thrown apart, so that it can be sent; never throws. */
export function toThrown(thrown: unknown): Thrown {
  try {
    if (!(thrown instanceof Error)) return { value: toWire(thrown) }
    const error = serializeError(thrown)
    // What the error carries besides may be anything.
    JSON.stringify(error)
    return { error }
  } catch {
    return described(thrown)
  }
}

/** For what cannot be sent as it is. */
function described(thrown: unknown): Thrown {
  try {
    if (!(thrown instanceof Error)) return { value: { json: inspect(thrown) } }
    const { name, message, stack } = thrown
    return { error: { name, message, ...(stack !== undefined && { stack }) } }
  } catch {
    return { value: { json: 'something that throws when it is looked at' } }
  }
}

/** What was thrown: an error again, with its name, message, stack, code and cause; or the value. */
export function fromThrown(sent: Thrown): unknown {
  if ('value' in sent) return fromWire(sent.value)
  return isErrorLike(sent.error) ? deserializeError(sent.error) : new Error(String(sent.error.message))
}

/** For a place that wants an error, whatever was thrown. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(inspect(thrown), { cause: thrown })
}
