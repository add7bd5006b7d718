/** PostgreSQL refuses a longer payload, and the whole statement with it; bytes. */
const longestPayload = 7_999

/**
 * A part of a statement that wakes whoever listens to a channel, once for each distinct payload. PostgreSQL sends it
 * at commit, and drops equal ones of one transaction. A payload too long to be sent arrives empty: look for yourself.
 *
 * @param payloads a query of one text column.
 */
export function notifyEach(channel: string, payloads: string): string {
  const payload = `CASE WHEN octet_length(wake.payload) <= ${longestPayload} THEN wake.payload ELSE '' END`
  return `SELECT pg_notify(${channel}, ${payload}) FROM (${payloads}) AS wake(payload)`
}

/** What `notifyEach` would send for a payload. */
export function payloadOf(text: string): string {
  return Buffer.byteLength(text) <= longestPayload ? text : ''
}
