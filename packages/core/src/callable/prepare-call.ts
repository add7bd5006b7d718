import { InvalidRecordKeyError, RecordMissingError } from '../errors/errors.js'
import type { JsonObject, JsonValue } from '../json/json-value.js'
import { methodRecord, type RecordMethods } from './bound-method.js'
import type { RegisteredMethod } from './registered-callable.js'
import type { TaskContext } from './task-context.js'

/** What of a run says whom to call. */
export interface CalledRun {
  readonly callable: string
  readonly modelName: string | null
  readonly modelKey: JsonObject | null
}

/** A callable with its `this`. */
type Prepared = (context: TaskContext<JsonValue>) => unknown

/**
 * Finds what a run calls. The record of a method is read fresh from the database.
 *
 * @returns the callable, with its `this`: the class of a static method, or the record.
 * @throws UnknownCallableError for a path that is not registered.
 * @throws RecordMissingError when the record is gone.
 * @throws InvalidRecordKeyError when the row names no record, or one that does not fit the model.
 */
export function prepareCall(source: RecordMethods, run: CalledRun): Prepared | Promise<Prepared> {
  const callable = source.registry.get(run.callable)
  const { implementation } = callable
  if (callable.kind === 'method') return prepareMethod(source, callable, run)
  return (context) => implementation.call(callable.self, context)
}

async function prepareMethod(
  source: RecordMethods,
  { model, path, implementation }: RegisteredMethod,
  run: CalledRun,
): Promise<Prepared> {
  const modelName = source.records.modelName(model)
  if (run.modelKey === null) {
    throw new InvalidRecordKeyError(
      `"${path}" is a method of one ${modelName} record, but the row has no modelKey. Write the record's primary key as JSON, {"id": 1}.`,
      { model: modelName },
    )
  }
  const row = await source.records.find(model, run.modelKey)
  if (row === null) {
    throw new RecordMissingError(
      `The ${modelName} record ${JSON.stringify(run.modelKey)} of "${path}" is not in the database any more. Before you delete a record, delete its tasks, or set their onMissingRecord to "delete", and cancel its one-shots.`,
      { model: modelName, key: run.modelKey },
    )
  }
  const record = methodRecord(source, model, row)
  return (context) => implementation.call(record, context)
}
