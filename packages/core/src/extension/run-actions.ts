import { inspect } from 'node:util'
import { InvalidTaskError, NotFoundError, RunAlreadyActive, RunStateError } from '../errors/errors.js'
import type { Store, WrittenRun } from '../store/store.js'
import { isName } from '../task/task-field-rules.js'
import { isUuid } from './is-uuid.js'
import type { SisyRuntime } from './sisy-runtime.js'
import type { TaskWhere } from './task-methods.js'

/** Enqueues a run of a task at once. @throws NotFoundError, RunAlreadyActive; InvalidTaskError for no `where`. */
export async function runTaskNow(
  { newRunId, clock }: SisyRuntime,
  store: Store,
  where: TaskWhere,
): Promise<WrittenRun> {
  checkWhere(where)
  if ('id' in where ? !isUuid(where.id) : !isName(where.key)) throw noSuchTask(where)
  const run = await store.runTask(where, newRunId(clock.now()))
  if (!('refused' in run)) return run
  if (run.refused === 'missing') throw noSuchTask(where)
  throw new RunAlreadyActive(
    `The task ${describe(where)} allows no overlap and has an unfinished run. Wait for it or cancel it, or set allowOverlap.`,
    { activeKey: run.activeKey },
  )
}

/** Stops a run, or asks its holder to. @throws NotFoundError. */
export async function cancelRun(store: Store, runId: unknown): Promise<'cancelled' | 'requested' | 'ended'> {
  checkRunId(runId)
  const outcome = await store.cancelRun(runId)
  if (outcome === 'missing') throw noSuchRun(runId)
  return outcome
}

/** Makes an ended run due again. @throws NotFoundError, RunStateError, RunAlreadyActive. */
export async function retryRun(store: Store, runId: unknown): Promise<WrittenRun> {
  checkRunId(runId)
  const run = await store.retryRun(runId)
  if (!('refused' in run)) return run
  switch (run.refused) {
    case 'missing':
      throw noSuchRun(runId)
    case 'unfinished':
      throw new RunStateError(
        `Run ${runId} is ${run.state}, and only a run that has ended can be retried. Cancel it first.`,
        {
          runId,
          state: run.state,
        },
      )
    case 'active':
      throw new RunAlreadyActive(
        `Run ${runId} cannot be retried: another unfinished run holds its key "${run.activeKey}". Wait for that one or cancel it.`,
        { activeKey: run.activeKey },
      )
  }
}

/** @throws NotFoundError for something that can be no run's id. */
export function checkRunId(runId: unknown): asserts runId is string {
  if (!isUuid(runId)) throw noSuchRun(runId)
}

function checkWhere(where: unknown): void {
  if (typeof where === 'object' && where !== null && ('id' in where || 'key' in where)) return
  throw new InvalidTaskError(`A task is named by { id } or { key }; ${inspect(where)} was given.`, {
    field: 'where',
    value: where,
  })
}

function noSuchRun(runId: unknown): NotFoundError {
  return new NotFoundError(
    `There is no run ${described(runId)}. Give the id that runOnce() or runNow() resolved to.`,
    {
      what: 'run',
      where: runId,
    },
  )
}

function noSuchTask(where: TaskWhere): NotFoundError {
  return new NotFoundError(
    `There is no task ${describe(where)}. Give the id or the key of one that was scheduled.`,
    {
      what: 'task',
      where,
    },
  )
}

function describe(where: TaskWhere): string {
  return 'id' in where ? described(where.id) : `with the key "${where.key}"`
}

const described = (id: unknown) => (typeof id === 'string' && id !== '' ? id : inspect(id))
