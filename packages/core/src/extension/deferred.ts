import { DatabaseError } from '../errors/errors.js'

/** Work that begins when it is awaited, as Prisma's own calls do. */
export interface Deferred<T> extends Promise<T> {
  /** Prisma's door for members of `$transaction([…])`; always rejects. */
  requestTransaction(): Promise<never>
}

/**
 * A call that Prisma takes for one of its own, so that `$transaction([…])` refuses it with our reason: it is more than
 * one statement, which such a list cannot hold.
 *
 * @param operation what it is called, for that reason: `task.delete`.
 */
export function deferred<T>(operation: string, work: () => Promise<T>): Deferred<T> {
  let begun: Promise<T> | undefined
  const begin = () => (begun ??= work())
  return {
    [Symbol.toStringTag]: 'PrismaPromise',
    then: async (onFulfilled, onRejected) => begin().then(onFulfilled, onRejected),
    catch: async (onRejected) => begin().catch(onRejected),
    finally: async (onFinally) => begin().finally(onFinally),
    requestTransaction: async () => {
      throw new DatabaseError(
        `${operation} cannot be a member of $transaction([…]), since it also cancels the task's runs. Use an interactive transaction: prisma.$transaction(async (tx) => { await tx.${operation}(…) }).`,
        {},
      )
    },
  }
}
