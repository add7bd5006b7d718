import { inspect } from 'node:util'
import { didYouMean } from '../errors/did-you-mean.js'
import { InvalidTaskError } from '../errors/errors.js'
import { checkUserdata } from '../json/check-userdata.js'
import type { JsonObject } from '../json/json-value.js'
import { checkTaskFields } from '../task/check-task-fields.js'
import { isName, nameText } from '../task/task-field-rules.js'
import type { ResultOptions } from './task-methods.js'
import type { ExecutionOptions, IterationOptions, RunOptions, TaskOptions } from '../task/task-options.js'

/** What every call takes beside its own options; the public types derive both from the callable. */
export interface TargetOptions {
  readonly userdata?: JsonObject
  readonly record?: object
}

type Names<Options> = Record<keyof Options, true>

const target: Names<TargetOptions> = { userdata: true, record: true }
const execution: Names<ExecutionOptions> = {
  label: true,
  queue: true,
  priority: true,
  maxAttempts: true,
  backoff: true,
  timeoutSeconds: true,
}
const task: Names<TaskOptions> = {
  ...execution,
  key: true,
  schedule: true,
  timezone: true,
  enabled: true,
  startRunning: true,
  endRunning: true,
  waitForSchedule: true,
  iterations: true,
  allowOverlap: true,
  misfire: true,
  misfireWindow: true,
  misfireLimit: true,
  jitterSeconds: true,
  onMissingRecord: true,
}
const { startRunning: _start, waitForSchedule: _wait, ...repeated } = task
const iteration: Names<IterationOptions> = { ...repeated, runImmediately: true, delayUntil: true }
const run: Names<RunOptions> = { ...execution, delayUntil: true, uniqueKey: true }

const result: Names<ResultOptions> = { signal: true }

const taskNames = new Set(Object.keys({ ...target, ...task }))
const iterationNames = new Set(Object.keys({ ...target, ...iteration }))
const runNames = new Set(Object.keys({ ...target, ...run }))
const resultNames = new Set(Object.keys(result))

/**
 * Checks what a call is given, whoever typed it.
 *
 * @throws InvalidTaskError for an option that is unknown or not accepted, InvalidScheduleError, InvalidTimezoneError.
 * @throws NotSerialisableError when `userdata` holds something JSON would drop.
 */
export function checkTaskOptions(options: object): void {
  checkOptions(options, taskNames)
}

/** As `checkTaskOptions`, for `runIterations`. */
export function checkIterationOptions(options: object): void {
  checkOptions(options, iterationNames)
}

/** As `checkTaskOptions`, for a one-shot. */
export function checkRunOptions(options: object): void {
  checkOptions(options, runNames)
}

/** As `checkTaskOptions`, for `result`, which waits as long as its `signal` lets it. */
export function checkResultOptions(options: object): void {
  checkOptions(options, resultNames)
}

function checkOptions(options: unknown, known: ReadonlySet<string>): void {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidTaskError(`The options are ${inspect(options)}; give an object, or leave them out.`, {
      field: 'options',
      value: options,
    })
  }
  // Inherited ones too, since they are read as well.
  for (const name in options) {
    const value: unknown = Reflect.get(options, name)
    if (!known.has(name)) throw unknownOption(name, value, [...known])
    if (value !== undefined) checkOption(name, value)
  }
  checkTaskFields(options)
}

function unknownOption(name: string, value: unknown, known: readonly string[]): InvalidTaskError {
  return new InvalidTaskError(
    `"${name}" is no option here.${didYouMean(name, known)} Known: ${known.join(', ')}.`,
    { field: name, value },
  )
}

function checkOption(name: string, value: unknown): void {
  if (name === 'userdata') checkUserdata(value)
  const accepted = acceptedInstead(name, value)
  if (accepted === undefined) return
  throw new InvalidTaskError(`${name} is ${inspect(value)}; give ${accepted}.`, { field: name, value })
}

function acceptedInstead(name: string, value: unknown): string | undefined {
  if (name === 'userdata' && value === null) return 'an object, or leave it out'
  if (name === 'label' && value === '') return 'a text that is not empty'
  if (keys.has(name) && !isName(value)) return nameText
  if (switches.has(name) && typeof value !== 'boolean') return 'true or false'
  if (name === 'signal' && !isSignal(value)) return 'an AbortSignal, or leave it out'
  return undefined
}

// By what is used of it: another realm has an AbortSignal of its own.
function isSignal(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'throwIfAborted') === 'function' &&
    typeof Reflect.get(value, 'addEventListener') === 'function'
  )
}

const keys = new Set(['key', 'uniqueKey'])
const switches = new Set(['enabled', 'waitForSchedule', 'allowOverlap', 'runImmediately'])
