import type { Implementation } from './implementation.js'

/** A function or static method. */
export interface RegisteredFunction {
  readonly kind: 'function'
  readonly path: string
  readonly implementation: Implementation
  /** The class a static method was registered through, `this` of its calls; undefined for a function. */
  readonly self: unknown
}

/** A method of one record. */
export interface RegisteredMethod {
  readonly kind: 'method'
  readonly path: string
  readonly implementation: Implementation
  /** The model's property on the client: `subscription`. */
  readonly model: string
  readonly name: string
}

export type RegisteredCallable = RegisteredFunction | RegisteredMethod
