import { isUnstorable } from '../json/is-unstorable.js'

/** What one column of a task accepts. */
export interface TaskFieldRule {
  readonly accepts: string
  readonly holds: (value: unknown) => boolean
  /** The accepted words, when there are only a few. */
  readonly choices?: readonly string[]
}

const MAX_INTEGER = 2_147_483_647
const MIN_INTEGER = -2_147_483_648
/** A text with an index must fit into it, with the other columns there. */
const MAX_NAME_BYTES = 1_000

/** What a `key`, `uniqueKey` or `queue` accepts. */
export const nameText = `a text that is not empty, of at most ${MAX_NAME_BYTES} bytes and without NUL`

/** Whether something can be a `key`, `uniqueKey` or `queue`. */
export function isName(value: unknown): boolean {
  return isText(value) && value !== '' && Buffer.byteLength(value) <= MAX_NAME_BYTES
}

/**
 * The most missed instants a task makes up for: they are inserted by one statement, since nothing would tell the next one
 * how many were made up for already.
 */
export const MAX_MISFIRE_LIMIT = 100_000

/** Columns that can be checked one by one. */
export const taskFieldRules: Readonly<
  Record<
    | 'key'
    | 'label'
    | 'iterations'
    | 'misfire'
    | 'misfireWindow'
    | 'misfireLimit'
    | 'jitterSeconds'
    | 'queue'
    | 'priority'
    | 'maxAttempts'
    | 'timeoutSeconds'
    | 'backoff'
    | 'onMissingRecord',
    TaskFieldRule
  >
> = {
  key: { accepts: `${nameText}, or null`, holds: orNull(isName) },
  label: { accepts: 'a text without NUL', holds: isText },
  iterations: { accepts: 'a whole number, 0 for no limit', holds: isInteger(0) },
  misfire: oneOf('once', 'skip', 'all'),
  misfireWindow: { accepts: 'whole seconds from 0 on, or null for no limit', holds: orNull(isInteger(0)) },
  misfireLimit: {
    accepts: `a whole number 1 to ${MAX_MISFIRE_LIMIT}`,
    holds: (value) => isInteger(1)(value) && Number(value) <= MAX_MISFIRE_LIMIT,
  },
  jitterSeconds: { accepts: 'whole seconds from 0 on', holds: isInteger(0) },
  queue: { accepts: nameText, holds: (value) => isName(value) && isText(value) && value.trim() !== '' },
  priority: { accepts: `a whole number ${MIN_INTEGER} to ${MAX_INTEGER}`, holds: isInteger(MIN_INTEGER) },
  maxAttempts: { accepts: 'a whole number from 1 on', holds: isInteger(1) },
  timeoutSeconds: { accepts: 'whole seconds from 1 on, or null for no limit', holds: orNull(isInteger(1)) },
  backoff: {
    accepts: '{ baseMs, factor, maxMs }: milliseconds above 0, a factor from 1 on; each may be left out',
    holds: orNull(isBackoff),
  },
  onMissingRecord: oneOf('fail', 'delete'),
}

type Test = (value: unknown) => boolean

function isInteger(min: number): Test {
  return (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= MAX_INTEGER
}

function orNull(test: Test): Test {
  return (value) => value === null || test(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && !isUnstorable(value)
}

function oneOf(...choices: string[]): TaskFieldRule {
  return {
    accepts: choices.map((choice) => `'${choice}'`).join(' or '),
    holds: (value) => typeof value === 'string' && choices.includes(value),
    choices,
  }
}

function isBackoff(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(([member, given]: [string, unknown]) => {
    if (given === undefined) return true
    if (typeof given !== 'number' || !Number.isFinite(given)) return false
    if (member === 'factor') return given >= 1
    return (member === 'baseMs' || member === 'maxMs') && given > 0
  })
}
