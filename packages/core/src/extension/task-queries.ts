import { checkCreatedTask, checkUpdatedTask } from './check-task-data.js'
import type { SisyRuntime } from './sisy-runtime.js'

type Args = Readonly<Record<string, unknown>>

interface Operation {
  readonly args: Args
  readonly query: (args: Args) => PromiseLike<unknown>
}

type Check = (runtime: SisyRuntime, data: Args) => Args

/**
 * Hooks on the app's own writes to the task model: they are checked, and planned anew where need be. They see top-level
 * calls only; a task written inside another model's call is checked when the heartbeat plans it.
 */
export function taskQueries(runtime: SisyRuntime) {
  const hook =
    (checks: Readonly<Record<string, Check>>) =>
    ({ args, query }: Operation) =>
      query({ ...args, ...checkedMembers(runtime, args, checks) })
  const created = hook({ data: checkCreatedTask })
  const updated = hook({ data: checkUpdatedTask })
  return {
    create: created,
    createMany: created,
    createManyAndReturn: created,
    update: updated,
    updateMany: updated,
    updateManyAndReturn: updated,
    upsert: hook({ create: checkCreatedTask, update: checkUpdatedTask }),
  }
}

function checkedMembers(runtime: SisyRuntime, args: Args, checks: Readonly<Record<string, Check>>): Args {
  const checked = Object.entries(checks).map(([member, check]): [string, unknown] => {
    const data = args[member]
    return [
      member,
      Array.isArray(data) ? data.map((row: unknown) => one(check, runtime, row)) : one(check, runtime, data),
    ]
  })
  return Object.fromEntries(checked)
}

// What is no object is Prisma's to refuse.
function one(check: Check, runtime: SisyRuntime, data: unknown): unknown {
  return isArgs(data) ? check(runtime, data) : data
}

function isArgs(value: unknown): value is Args {
  return typeof value === 'object' && value !== null
}
