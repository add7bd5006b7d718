import { sqlState } from './database-evidence.js'

/**
 * SQLSTATEs that speak of the server, of the connection, of rights, tables or other transactions. All others speak of
 * what was sent: data, constraints, limits, an exception of a trigger unless it chose one of these.
 */
const general = /^(08|25|26|28|3D|3F|40|42|53|55|57|58|F0|XX)/

/** Whether the database refused a statement for what is in it, so that nothing came of it. */
export function isRefusal(error: unknown): boolean {
  const state = sqlState(error)
  // What cannot even be put into a message: the texts together are too long.
  return state === undefined ? error instanceof RangeError : !general.test(state)
}
