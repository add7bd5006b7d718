import type { ClaimedRun, JsonValue, RunMessage, TaskContext, TaskRow } from '@sisy/core/internal'
import type { RunAbort } from '../active-run.js'

/** What user code is told of its task. */
export type ContextTask = Pick<
  TaskRow<JsonValue>,
  | 'id'
  | 'key'
  | 'label'
  | 'schedule'
  | 'timezone'
  | 'iterations'
  | 'startRunning'
  | 'endRunning'
  | 'lastRun'
  | 'nextRun'
  | 'userdata'
>

/** What a callable may write to its run. */
export interface RunWrites {
  readonly save: (userdata: JsonValue) => Promise<void>
  readonly complete: RunMessage['complete']
}

/** The one argument of a callable. `userdata` is the task's as it was at the start, or a one-shot's own. */
export function makeContext(
  run: ClaimedRun,
  row: ContextTask | null,
  abort: Pick<RunAbort, 'signal'>,
  { save, complete }: RunWrites,
): TaskContext<JsonValue> {
  const task: TaskContext<JsonValue>['task'] = {
    id: row?.id ?? null,
    key: row?.key ?? null,
    label: row?.label ?? run.label,
    callable: run.callable,
    schedule: row?.schedule ?? null,
    timezone: row?.timezone ?? null,
    iterations: row?.iterations ?? 0,
    startRunning: row?.startRunning ?? null,
    endRunning: row?.endRunning ?? null,
    lastRun: row?.lastRun ?? null,
    nextRun: row?.nextRun ?? null,
    userdata: row === null ? run.userdata : row.userdata,
    save: () => save(task.userdata),
  }
  const { id, attempt, maxAttempts, dueAt, queue, uniqueKey } = run
  return {
    task,
    message: { runId: id, attempt, maxAttempts, dueAt, queue, uniqueKey, complete },
    get signal() {
      return abort.signal
    },
  }
}
