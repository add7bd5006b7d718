import { isImplementation, type Implementation } from './implementation.js'

const plumbing = ['length', 'name', 'prototype', 'arguments', 'caller']

/**
 * The static methods of a class, inherited ones too; where names repeat the nearest counts. Undefined for a function
 * that is no class.
 */
export function staticMethods(value: Implementation): [name: string, method: Implementation][] | undefined {
  if (!isClass(value)) return undefined
  const methods: [string, Implementation][] = []
  const seen = new Set(plumbing)
  for (let owner: unknown = value; isClass(owner); owner = Object.getPrototypeOf(owner)) {
    for (const [name, { value: member }] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      // A getter is left alone, since reading it would run code of the app. A nested class cannot be called.
      if (!seen.has(name) && isImplementation(member) && !isClass(member)) methods.push([name, member])
      seen.add(name)
    }
  }
  return methods
}

// Only a class has a `prototype` that cannot be assigned.
function isClass(value: unknown): value is Implementation {
  return isImplementation(value) && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
}
