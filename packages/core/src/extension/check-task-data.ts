import { InvalidTaskError } from '../errors/errors.js'
import { checkJson } from '../json/check-json.js'
import { checkUserdata } from '../json/check-userdata.js'
import { checkTaskFields } from '../task/check-task-fields.js'
import { defined } from '../json/defined.js'
import type { SisyRuntime } from './sisy-runtime.js'

type Data = Readonly<Record<string, unknown>>

/** Fields that decide when a task runs: changing one of them makes the heartbeat plan it anew. */
const timing = [
  'schedule',
  'timezone',
  'enabled',
  'startRunning',
  'endRunning',
  'waitForSchedule',
  'iterations',
]

/** Further fields that decide whether a task can be planned: changing one of them lifts the row's `problem`. */
const plannedWith = ['queue', 'allowOverlap', 'misfire', 'misfireWindow', 'misfireLimit', 'jitterSeconds']

/**
 * Checks the data of a new task row; a method's model name is filled in.
 *
 * @throws InvalidTaskError, InvalidScheduleError, InvalidTimezoneError, NotSerialisableError, InvalidRecordKeyError.
 * @throws UnknownCallableError for a path that is not registered.
 */
export function checkCreatedTask(runtime: SisyRuntime, data: Data): Data {
  const values = checkFields(data)
  const callable = checkCallable(runtime, values)
  if (callable?.kind !== 'method') return data
  const { model, path } = callable
  const modelName = runtime.records.modelName(model)
  if (isNull(values['modelKey'])) {
    throw new InvalidTaskError(
      `"${path}" is a method of one ${modelName} record, but the data has no modelKey. Make it with withCallable().`,
      { field: 'modelKey', value: values['modelKey'] },
    )
  }
  runtime.records.checkKey(model, values['modelKey'])
  return isNull(values['modelName']) ? { ...data, modelName } : data
}

/**
 * Checks the data of an update, as far as it goes by itself, and lets the heartbeat plan the task anew when its timing
 * is in it; a `nextRun` that is given stays.
 *
 * @throws as `checkCreatedTask` does.
 */
export function checkUpdatedTask(runtime: SisyRuntime, data: Data): Data {
  const values = checkFields(data)
  const callable = checkCallable(runtime, values)
  if (callable?.kind === 'method' && !isNull(values['modelKey'])) {
    runtime.records.checkKey(callable.model, values['modelKey'])
  }
  const written = defined(data)
  const replan = timing.some((field) => field in written) && !('nextRun' in written)
  if (replan) return { ...data, nextRun: null, endedAt: null, problem: null }
  return plannedWith.some((field) => field in written) ? { ...data, problem: null } : data
}

function checkFields(data: Data): Data {
  const values = plainValues(data)
  checkTaskFields(values)
  const { userdata, modelKey } = values
  if (!isNull(userdata)) checkUserdata(userdata)
  if (!isNull(modelKey)) checkJson(modelKey, 'modelKey')
  return values
}

function checkCallable({ registry }: SisyRuntime, { callable }: Data) {
  return typeof callable === 'string' ? registry.get(callable) : undefined
}

// `{ set: value }` says the same as the value; what else Prisma takes, `{ increment: 1 }`, only the database knows.
function plainValues(data: Data): Data {
  const values = Object.entries(defined(data)).flatMap(([field, value]): [string, unknown][] => {
    if (jsonFields.has(field) || !isObject(value) || value instanceof Date) return [[field, value]]
    return 'set' in value ? [[field, value.set]] : []
  })
  return defined(Object.fromEntries(values))
}

const jsonFields = new Set(['userdata', 'modelKey', 'backoff'])

// Prisma's JsonNull and DbNull are objects of its own, marked by this symbol.
const prismaNull = Symbol.for('prisma.objectEnumValue')

function isNull(value: unknown): boolean {
  return value === undefined || value === null || (isObject(value) && prismaNull in value)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
