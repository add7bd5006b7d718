/** The two raw-query doors of a Prisma client, or of the `tx` of an interactive transaction. */
export interface RawClient {
  $queryRawUnsafe<Rows>(sql: string, ...values: unknown[]): PromiseLike<Rows>
  $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number>
}

/** Where statements are sent: text with `$1`, `$2` … and the values bound to them. */
export interface Database {
  query<Row>(sql: string, values: readonly unknown[]): Promise<Row[]>
  /** @returns the number of rows affected. */
  execute(sql: string, values: readonly unknown[]): Promise<number>
}

/** Where a store sends its statements. */
export interface Databases {
  /** To look ahead and to claim, which a worker does most often, one after the other. */
  readonly claiming: Database
  /** All else. */
  readonly others: Database
}
