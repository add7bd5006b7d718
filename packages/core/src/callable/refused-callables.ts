import { didYouMean } from '../errors/did-you-mean.js'
import { AmbiguousCallableError, UnknownCallableError } from '../errors/errors.js'
import type { Implementation } from './implementation.js'
import type { RegisteredCallable } from './registered-callable.js'

/** For a path that is not registered. */
export function unknownPath(path: string, known: readonly string[]): UnknownCallableError {
  const list = known.length === 0 ? 'Nothing is registered.' : `Registered: ${known.join(', ')}.`
  const mend = 'Add it to `callables` or `methods` of sisy(…).'
  return new UnknownCallableError(
    `"${path}" is no registered callable.${didYouMean(path, known)} ${list} ${mend}`,
    {
      path,
      known,
    },
  )
}

/** For a function that is not registered; names the likely path, where a bundler may have made a copy. */
export function unknownFunction(
  value: Implementation,
  all: readonly RegisteredCallable[],
): UnknownCallableError {
  const name = value.name === '' ? 'a function without a name' : `the function ${value.name}`
  const facts = { path: value.name, known: all.map(({ path }) => path) }
  const method = all.find((entry) => entry.kind === 'method' && entry.implementation === value)
  if (method !== undefined) {
    return new UnknownCallableError(
      `${capital(name)} is the record method "${method.path}": give it as a method of a row, or by this path with \`record\`.`,
      facts,
    )
  }
  const statics = all.filter((entry) => entry.kind === 'function' && entry.self === value)
  if (statics.length > 0) {
    const paths = statics.map(({ path }) => path).join(', ')
    return new UnknownCallableError(
      `${value.name} is a class: give one of its static methods, ${paths}.`,
      facts,
    )
  }
  const likely = all.find(({ path }) => value.name !== '' && path.split('.').at(-1) === value.name)
  if (likely !== undefined) {
    return new UnknownCallableError(
      `A function named ${value.name} is registered as "${likely.path}", but not this one: a bundler may have duplicated its module. Use the path "${likely.path}" instead of the function.`,
      facts,
    )
  }
  return new UnknownCallableError(
    `${capital(name)} is not registered. Add it to \`callables\` of sisy(…).`,
    facts,
  )
}

/** For a function that is registered under several paths. */
export function ambiguousFunction(paths: readonly string[]): AmbiguousCallableError {
  const list = paths.map((path) => `"${path}"`).join(' and ')
  return new AmbiguousCallableError(
    `This function is registered as ${list}. Say which one is meant by giving its path.`,
    {
      paths,
    },
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
