import { SisyError } from './sisy-error.js'

/**
 * Of an error of ours the same, of the same class, that says first what it is about; undefined of any other.
 *
 * @param facts what it says that of, for programs.
 */
export function about(thrown: unknown, subject: string, facts: object): SisyError | undefined {
  if (!(thrown instanceof SisyError)) return undefined
  const SameError = thrown.constructor as typeof SisyError
  return new SameError(`${subject}: ${thrown.message}`, { ...thrown.facts, ...facts })
}
