const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Whether something can be the id of a task or a run; PostgreSQL refuses anything else, and the transaction with it. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuid.test(value)
}
