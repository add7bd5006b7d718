import { SisyError } from './sisy-error.js'

/**
 * Of an error of ours the same, of the same class, that says which item of `runOnceMany` it is about: by its index.
 * Anything else is left as it is.
 */
export function ofItem(thrown: unknown, item: number): unknown {
  if (!(thrown instanceof SisyError)) return thrown
  const SameError = thrown.constructor as typeof SisyError
  return new SameError(`items[${item}] of runOnceMany: ${thrown.message}`, { ...thrown.facts, item })
}
