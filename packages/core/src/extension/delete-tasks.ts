import { InvalidTaskError } from '../errors/errors.js'
import type { Store } from '../store/store.js'
import { deferred, type Deferred } from './deferred.js'

/** How many tasks one statement deletes. */
const chunkSize = 1_000

interface DeleteArgs {
  readonly where?: { readonly id?: unknown }
  readonly limit?: number
}

/** The reading half of Prisma's task model. */
interface TaskReader {
  findUniqueOrThrow(args: object): PromiseLike<object>
  findMany(args: object): PromiseLike<readonly { readonly id: string }[]>
}

/**
 * `prisma.task.delete`: deletes one task, and cancels its runs that have not begun.
 *
 * @returns the row as it was, in the shape the arguments ask for. Rejects as Prisma does when there is none.
 */
export function deleteTask(model: unknown, store: Store, args: DeleteArgs = {}): Deferred<object> {
  return deferred('task.delete', async () => {
    const reader = asReader(model)
    const row = await reader.findUniqueOrThrow(args)
    const id = await idOf(row, args, reader)
    const deleted = await store.deleteTasks([id])
    // Somebody else was faster: let Prisma say so.
    return deleted === 0 ? reader.findUniqueOrThrow(args) : row
  })
}

/**
 * `prisma.task.deleteMany`: deletes tasks, and cancels their runs that have not begun. In several statements when there
 * are more than a thousand.
 */
export function deleteTasks(
  model: unknown,
  store: Store,
  args: DeleteArgs = {},
): Deferred<{ count: number }> {
  return deferred('task.deleteMany', async () => {
    const { limit, ...rest } = args
    // Prisma takes from the end when it is told to take a negative number.
    if (limit !== undefined && limit < 0) {
      throw new InvalidTaskError(`limit is ${limit}; give a whole number from 0 on.`, {
        field: 'limit',
        value: limit,
      })
    }
    const rows = await asReader(model).findMany({
      ...rest,
      ...(limit !== undefined && { take: limit }),
      select: { id: true },
    })
    let count = 0
    for (let from = 0; from < rows.length; from += chunkSize) {
      count += await store.deleteTasks(rows.slice(from, from + chunkSize).map(({ id }) => id))
    }
    return { count }
  })
}

async function idOf(row: object, { where }: DeleteArgs, reader: TaskReader): Promise<string> {
  const known = 'id' in row ? row.id : where?.id
  if (typeof known === 'string') return known
  const found = await reader.findUniqueOrThrow({ where, select: { id: true } })
  return String(Reflect.get(found, 'id'))
}

function asReader(model: unknown): TaskReader {
  if (isReader(model)) return model
  throw new TypeError(
    'delete and deleteMany of a task are methods of its model: call them as prisma.task.delete(…).',
  )
}

function isReader(model: unknown): model is TaskReader {
  return typeof model === 'object' && model !== null && 'findUniqueOrThrow' in model && 'findMany' in model
}
