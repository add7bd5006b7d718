import { InvalidCallableError } from '../errors/errors.js'
import { checkCallableName, registeredEntries } from './callable-name.js'
import { isImplementation, type Implementation } from './implementation.js'
import { ambiguousFunction, unknownFunction, unknownPath } from './refused-callables.js'
import type { RegisteredCallable, RegisteredFunction, RegisteredMethod } from './registered-callable.js'
import { staticMethods } from './static-methods.js'

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

  let pathsOf: Map<Implementation, string[]> | undefined

  const find = (path: string) => all().get(path)
  const paths = () => [...all().keys()]
  return {
    find,
    paths,
    get: (path) => {
      const found = find(path)
      if (found === undefined) throw unknownPath(path, paths())
      return found
    },
    pathOf(value) {
      pathsOf ??= readPaths(all().values())
      const [first, ...others] = pathsOf.get(value) ?? []
      if (first === undefined) throw unknownFunction(value, [...all().values()])
      if (others.length > 0) throw ambiguousFunction([first, ...others])
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
      const implementation = asImplementation(value, path)
      if (staticMethods(implementation) !== undefined) {
        throw new InvalidCallableError(
          `"${path}" cannot be registered: it is a class. Give a function, or register the class in \`callables\`.`,
          {
            path,
          },
        )
      }
      return { kind: 'method', path, implementation, model, name }
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

/** The paths of each function; several are ambiguous. */
function readPaths(all: Iterable<RegisteredCallable>): Map<Implementation, string[]> {
  const paths = new Map<Implementation, string[]>()
  for (const { kind, implementation, path } of all) {
    if (kind === 'function') paths.set(implementation, [...(paths.get(implementation) ?? []), path])
  }
  return paths
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
  throw new InvalidCallableError(
    `"${path}" cannot be registered: it is ${value === null ? 'null' : typeof value}, not a function.`,
    {
      path,
    },
  )
}
