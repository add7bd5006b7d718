/** What a run is given besides its value. */
export interface RunContext<Shared = unknown> {
  /** Aborted when the run should end early, with the cause as its reason. */
  readonly signal: AbortSignal
  /** What the module's `setup` returned; the same for all runs of a child. */
  readonly shared: Shared
}

/** The module that a pool's children load. */
export interface LoadedModule {
  readonly call: (value: unknown, context: RunContext) => unknown
  readonly setup: (data: unknown) => unknown
  readonly teardown: (shared: unknown) => unknown
}

/** @throws TypeError for a module without a function as its default export, or whatever loading it throws. */
export async function loadModule(url: string): Promise<LoadedModule> {
  const loaded: unknown = await import(url)
  const call = functionOf(loaded, 'default') ?? functionOf(memberOf(loaded, 'default'), 'default')
  if (call === undefined) throw new TypeError(`${url} has no function as its default export.`)
  return {
    call,
    setup: functionOf(loaded, 'setup') ?? (() => undefined),
    teardown: functionOf(loaded, 'teardown') ?? (() => undefined),
  }
}

function memberOf(owner: unknown, name: string): unknown {
  if ((typeof owner !== 'object' && typeof owner !== 'function') || owner === null) return undefined
  return Reflect.get(owner, name)
}

type AnyFunction = (...given: unknown[]) => unknown

function functionOf(owner: unknown, name: string): AnyFunction | undefined {
  const member = memberOf(owner, name)
  return isFunction(member) ? member : undefined
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function'
}
