import { inspect } from 'node:util'
import { didYouMean } from '../errors/did-you-mean.js'
import { ConfigError } from '../errors/errors.js'
import type { SisyOptions } from './sisy-options.js'

type AnyOptions = SisyOptions<unknown, unknown, unknown, string, boolean>

const known: Readonly<Record<keyof AnyOptions, true>> = {
  callables: true,
  methods: true,
  bindRows: true,
  models: true,
  primaryKeys: true,
  channels: true,
  defaultSchedule: true,
  timezone: true,
}

/**
 * Checks the names of the plugin's options, for apps without types; what they hold is checked where it is used.
 *
 * @throws ConfigError for no object, for an unknown option, and for `callables` that are not given by a function.
 */
export function checkSisyOptions(options: unknown): void {
  const mend = 'Write sisy(base, { callables: () => ({ … }) }).'
  if (typeof options !== 'object' || options === null) {
    throw new ConfigError(`The options of sisy(base, …) are ${inspect(options)}. ${mend}`, { value: options })
  }
  const names = Object.keys(known)
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue
    throw new ConfigError(
      `sisy(base, …) has no option "${name}".${didYouMean(name, names)} Known: ${names.join(', ')}.`,
      { setting: name },
    )
  }
  if (!('callables' in options) || options.callables === undefined) return
  if (typeof options.callables === 'function') return
  throw new ConfigError(`callables of sisy(base, …) must be a function that gives them. ${mend}`, {
    setting: 'callables',
    value: options.callables,
  })
}
