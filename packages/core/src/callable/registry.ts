import { AmbiguousCallableError, InvalidCallableError, UnknownCallableError } from '../errors/errors.js'
import { didYouMean } from '../errors/did-you-mean.js'
import { checkCallableName, registeredEntries } from './callable-name.js'
import { isImplementation, type Implementation } from './implementation.js'
import { staticMethods } from './static-methods.js'

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

/** Everything that may be called by name. Nothing else can: a row never names arbitrary code. */
export interface Registry {
  /** Undefined for a path that is not registered. */
  find(path: string): RegisteredCallable | undefined
  /** @throws UnknownCallableError for a path that is not registered. */
  get(path: string): RegisteredCallable
  /**
   * The path of a registered function, by its identity.
   *
   * @throws UnknownCallableError when it is not registered, AmbiguousCallableError when it is under several paths.
   */
  pathOf(value: Implementation): string
  /** All paths. */
  paths(): readonly string[]
  /** The models that have methods, by their property on the client. */
  models(): readonly string[]
  /** The methods of one model's records; none for a model without. */
  methodsOf(model: string): readonly RegisteredMethod[]
}

export interface RegistrySource {
  /** Called at first use, so that the modules of callables and client may import each other. */
  readonly callables?: (() => object) | undefined
  readonly methods?: object | undefined
}

/**
 * @throws InvalidCallableError at once for `methods`, at first use for `callables`, when something cannot be registered.
 */
export function createRegistry({ callables, methods = {} }: RegistrySource): Registry {
  const byModel = readMethods(methods)
  let read: Map<string, RegisteredCallable> | undefined
  const all = () => (read ??= readAll(callables, byModel))

  const find = (path: string) => all().get(path)
  const paths = () => [...all().keys()]
  return {
    find,
    paths,
    get: (path) => find(path) ?? throwUnknownPath(path, paths()),
    pathOf(value) {
      const found = [...all().values()].filter((entry) => entry.kind === 'function' && entry.implementation === value)
      const [first, ...others] = found.map(({ path }) => path)
      if (first === undefined) throw unknownFunction(value, [...all().values()])
      if (others.length > 0) throw ambiguous([first, ...others])
      return first
    },
    models: () => [...byModel.keys()],
    methodsOf: (model) => byModel.get(model) ?? [],
  }
}

function readMethods(methods: object): Map<string, RegisteredMethod[]> {
  const byModel = new Map<string, RegisteredMethod[]>()
  for (const [model, members] of registeredEntries(methods, 'methods')) {
    checkCallableName(model, model)
    const entries = registeredEntries(members, `methods.${model}`).map(([name, value]): RegisteredMethod => {
      const path = `${model}.${name}`
      checkCallableName(name, path)
      return { kind: 'method', path, implementation: asImplementation(value, path), model, name }
    })
    byModel.set(model, entries)
  }
  return byModel
}

function readAll(callables: RegistrySource['callables'], byModel: ReadonlyMap<string, RegisteredMethod[]>) {
  const all = new Map<string, RegisteredCallable>()
  for (const [name, value] of registeredEntries(callables?.() ?? {}, 'callables')) {
    checkCallableName(name, name)
    if (byModel.has(name)) {
      throw new InvalidCallableError(
        `"${name}" is registered both in \`callables\` and as a model in \`methods\`. Give the callable another name.`,
        { path: name },
      )
    }
    for (const entry of functionsOf(name, asImplementation(value, name))) all.set(entry.path, entry)
  }
  for (const entry of [...byModel.values()].flat()) all.set(entry.path, entry)
  return all
}

function functionsOf(name: string, value: Implementation): RegisteredFunction[] {
  const statics = staticMethods(value)
  if (statics === undefined) return [{ kind: 'function', path: name, implementation: value, self: undefined }]
  return statics.map(([method, implementation]) => {
    const path = `${name}.${method}`
    checkCallableName(method, path)
    return { kind: 'function', path, implementation, self: value }
  })
}

function asImplementation(value: unknown, path: string): Implementation {
  if (isImplementation(value)) return value
  throw new InvalidCallableError(`"${path}" cannot be registered: it is ${value === null ? 'null' : typeof value}, not a function.`, {
    path,
  })
}

function throwUnknownPath(path: string, known: readonly string[]): never {
  const list = known.length === 0 ? 'Nothing is registered.' : `Registered: ${known.join(', ')}.`
  const mend = 'Add it to `callables` or `methods` of sisy(…).'
  throw new UnknownCallableError(`"${path}" is no registered callable.${didYouMean(path, known)} ${list} ${mend}`, {
    path,
    known,
  })
}

function unknownFunction(value: Implementation, all: readonly RegisteredCallable[]): UnknownCallableError {
  const name = value.name === '' ? 'a function without a name' : `the function ${value.name}`
  const facts = { path: value.name, known: all.map(({ path }) => path) }
  const method = all.find((entry) => entry.kind === 'method' && entry.implementation === value)
  if (method !== undefined) {
    return new UnknownCallableError(
      `${capital(name)} is the record method "${method.path}": give it as a method of a row, or by this path with \`record\`.`,
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
  return new UnknownCallableError(`${capital(name)} is not registered. Add it to \`callables\` of sisy(…).`, facts)
}

function ambiguous(paths: readonly string[]): AmbiguousCallableError {
  const list = paths.map((path) => `"${path}"`).join(' and ')
  return new AmbiguousCallableError(`This function is registered as ${list}. Say which one is meant by giving its path.`, {
    paths,
  })
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
