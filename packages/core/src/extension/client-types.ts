import type { AnyFunction } from './registered.js'

/**
 * The app's client as a parameter: `SisyClient<typeof prisma>`. A client extended further, which has all of it and more,
 * is accepted too.
 */
export type SisyClient<Client> = Omit<Client, '$extends' | '$on' | '$use'>

/**
 * The client inside `$transaction(async (tx) => …)` as a parameter: `SisyTx<typeof prisma>`. The client itself is
 * accepted too, so one service serves both.
 */
export type SisyTx<Client> = Client extends { readonly $transaction: infer Transaction extends AnyFunction }
  ? TransactionOf<Transaction>
  : never

type TransactionOf<Transaction> = Transaction extends (work: infer Work, ...rest: never[]) => unknown
  ? Work extends (tx: infer Tx) => unknown
    ? Tx
    : never
  : never
