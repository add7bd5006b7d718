import { inspect } from 'node:util'
import { InvalidTaskError } from '../errors/errors.js'

/** The `tx` of `prisma.$transaction(async (tx) => …)`, of a client of either generator, extended or not. */
export interface TransactionClient {
  $queryRawUnsafe<Rows>(sql: string, ...values: unknown[]): PromiseLike<Rows>
  $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number>
  /** The client itself has it, and rolls nothing back. */
  readonly $connect?: never
}

/** @throws InvalidTaskError for anything but the `tx` of an interactive transaction. */
export function checkTransaction(value: unknown): asserts value is TransactionClient {
  const member = (name: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  if (typeof member('$executeRawUnsafe') === 'function' && member('$connect') === undefined) return
  const given = member('$connect') === undefined ? inspect(value, { depth: 0 }) : 'a whole Prisma client'
  throw new InvalidTaskError(
    `message.complete() takes the tx of prisma.$transaction(async (tx) => { … }) and was given ${given}. Write what belongs to the run through that tx, and give it here.`,
    { field: 'tx', value },
  )
}
