import { inspect } from 'node:util'
import type { z } from 'zod'
import { didYouMean } from '../errors/did-you-mean.js'
import { ConfigError } from '../errors/errors.js'
import { redactConnectionString } from '../process/redact-connection-string.js'
import { namesOfSettings, settingsSchema, type Settings } from './settings-schema.js'
import { readTextSetting, type TextSetting } from './text-setting.js'

type Group = Record<string, unknown>

/** Where settings were given. */
export interface SettingSources {
  /** What the configuration file exports. */
  readonly file: unknown
  /** Path of that file, as messages show it. */
  readonly path: string
  /** Settings given as text, weakest first: a later one wins over an earlier one and over the file. */
  readonly texts: readonly TextSetting[]
}

/**
 * One complete set of settings out of file, environment and flags.
 *
 * @throws ConfigError for the first setting that is unknown or not accepted, naming it, its value and where it was given.
 */
export function resolveSettings({ file, path, texts }: SettingSources): Settings {
  if (!isGroup(file)) {
    throw new ConfigError(
      `${path} exports ${show(file)} as its default; export defineConfig({ prisma, … }) instead.`,
      {
        source: path,
      },
    )
  }
  const merged: Group = { ...file }
  const sources = new Map<string, string>()
  for (const text of texts) {
    place(merged, text.setting.split('.'), readTextSetting(text))
    sources.set(text.setting, text.source)
  }
  const parsed = settingsSchema.safeParse(merged)
  if (parsed.success) return parsed.data
  throw refusal(parsed.error.issues[0], merged, sources, path)
}

function place(into: Group, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    into[name] = value
    return
  }
  const inner = into[name] ?? {}
  // A group that is no object is left as it is, and refused by the schema.
  if (!isGroup(inner)) return
  const copy = { ...inner }
  place(copy, rest, value)
  into[name] = copy
}

function refusal(
  issue: z.core.$ZodIssue | undefined,
  merged: Group,
  sources: Map<string, string>,
  path: string,
) {
  if (issue === undefined) return new ConfigError(`${path} is not accepted.`, { source: path })
  if (issue.code === 'unrecognized_keys') return unknownSetting(issue, merged, path)
  const names = issue.path.map(String)
  const setting = names.join('.')
  const value = valueAt(merged, names)
  const source =
    [...sources].find(([given]) => setting === given || setting.startsWith(`${given}.`))?.[1] ?? path
  const shown = setting === 'listen' && typeof value === 'string' ? redactConnectionString(value) : value
  const state = value === undefined ? `is missing from ${source}` : `is ${show(shown)} (from ${source})`
  return new ConfigError(`The setting ${setting} ${state}; accepted is ${issue.message}.`, {
    setting,
    value: shown,
    source,
  })
}

function unknownSetting(issue: z.core.$ZodIssueUnrecognizedKeys, merged: Group, path: string): ConfigError {
  const names = issue.path.map(String)
  const key = issue.keys[0] ?? ''
  const setting = [...names, key].join('.')
  const known = namesOfSettings(names).map((name) => [...names, name].join('.'))
  return new ConfigError(
    `${path} gives ${setting}, which is no setting.${didYouMean(setting, known)} Known are ${known.join(', ')}.`,
    { setting, value: valueAt(merged, [...names, key]), source: path },
  )
}

function valueAt(merged: Group, names: readonly string[]): unknown {
  return names.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), merged)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const isGroup = (value: unknown): value is Group => isObject(value) && !Array.isArray(value)
const show = (value: unknown) => inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 100 })
