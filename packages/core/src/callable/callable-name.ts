import { InvalidCallableError } from '../errors/errors.js'

// `then` would make a row awaitable, `toJSON` be what JSON takes for it; the others would reach into the language's own
// objects.
const refused = new Set(['__proto__', 'constructor', 'prototype', 'then', 'toJSON'])

/**
 * Checks one part of a path: the name of a callable, a static method, a model or a record's method.
 *
 * @param path the whole path, for the message.
 * @throws InvalidCallableError for a name that is empty, contains a dot, or belongs to the language.
 */
export function checkCallableName(name: string, path: string): void {
  if (refused.has(name)) {
    throw new InvalidCallableError(
      `"${path}" cannot be registered: ${name} has a meaning of its own. Choose another name.`,
      {
        path,
      },
    )
  }
  if (name === '' || name.includes('.')) {
    throw new InvalidCallableError(
      `"${path}" cannot be registered: "${name}" is ${name === '' ? 'empty' : 'a name with a dot'}. Dots only part a class or model from its method.`,
      { path },
    )
  }
}

/**
 * The own members of an object literal that registers something.
 *
 * @param what where it was given, for the message: `callables`, `methods.subscription`.
 * @throws InvalidCallableError for something that is no plain object, such as a literal with a `__proto__` member.
 */
export function registeredEntries(value: unknown, what: string): [name: string, value: unknown][] {
  const prototype: unknown =
    typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : value
  // A namespace of a module has no prototype; that of a literal has none itself, in whichever realm.
  const plain =
    prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null)
  if (plain && typeof value === 'object' && value !== null) return Object.entries(value)
  throw new InvalidCallableError(`\`${what}\` must be a plain object of names, without a \`__proto__\`.`, {
    path: what,
  })
}
