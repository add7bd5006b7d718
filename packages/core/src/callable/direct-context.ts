import { checkJson } from '../json/check-json.js'
import type { JsonObject } from '../json/json-value.js'
import { storableResult } from '../json/storable-result.js'
import type { TaskContext } from './task-context.js'
import { checkTransaction } from './transaction-client.js'

/** The context of a bound method that is called here and now: no task, no run, a signal that never aborts. */
export function directContext(path: string, userdata: JsonObject, now: Date): TaskContext {
  checkJson(userdata, 'userdata')
  return {
    task: {
      id: null,
      key: null,
      label: path,
      callable: path,
      schedule: null,
      timezone: null,
      iterations: 0,
      startRunning: null,
      endRunning: null,
      lastRun: null,
      nextRun: null,
      userdata,
      // There is no row to write to; what it would refuse is refused all the same.
      async save() {
        checkJson(this.userdata, 'userdata')
      },
    },
    message: {
      ...{ runId: null, attempt: 1, maxAttempts: 1, dueAt: now, queue: 'default', uniqueKey: null },
      async complete(tx, result) {
        checkTransaction(tx)
        storableResult(result)
      },
    },
    signal: new AbortController().signal,
  }
}
