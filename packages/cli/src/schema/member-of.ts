/** A member of a value of unknown shape, of a file somebody else wrote; undefined when it has none. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
