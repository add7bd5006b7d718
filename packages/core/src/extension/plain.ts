import { boundTarget } from '../callable/bound-method.js'
import type { BoundMethod } from './registered.js'

/** Values that stay as they are: they are no rows, whatever members they have. */
type Leaf = Date | Uint8Array | { readonly toFixed: unknown } | ((...args: never[]) => unknown)

/** A row without its bound methods; included rows too. */
export type Plain<Value> = Value extends Leaf
  ? Value
  : Value extends readonly (infer Item)[]
    ? Plain<Item>[]
    : Value extends object
      ? {
          [Name in keyof Value as Value[Name] extends BoundMethod<string, never> ? never : Name]: Plain<
            Value[Name]
          >
        }
      : Value

/**
 * A copy of a row, or of rows, without the bound methods, included rows too: fit to be spread into `create`, cloned, or
 * passed from a React server component.
 */
export function plain<Value>(value: Value): Plain<Value> {
  return strip(value) as Plain<Value>
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip)
  if (!isPlainObject(value)) return value
  const kept = Object.entries(value).filter(([, member]) => boundTarget(member) === undefined)
  return Object.fromEntries(kept.map(([name, member]) => [name, strip(member)]))
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
