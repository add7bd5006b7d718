/**
 * A part of a statement that wakes whoever listens to a channel, once for each distinct payload. PostgreSQL sends it
 * at commit, and drops equal ones of one transaction.
 *
 * @param payloads a query of one text column.
 */
export function notifyEach(channel: string, payloads: string): string {
  return `SELECT pg_notify(${channel}, wake.payload) FROM (${payloads}) AS wake(payload)`
}
