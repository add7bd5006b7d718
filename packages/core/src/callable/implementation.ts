import type { JsonValue } from '../json/json-value.js'
import type { TaskContext } from './task-context.js'

/** Code to be called with a context, and with whatever `this` it was registered for. */
export type Implementation = (this: unknown, context: TaskContext<JsonValue>) => unknown

/** Whether a value can be called at all. */
export function isImplementation(value: unknown): value is Implementation {
  return typeof value === 'function'
}
