import type { Database } from './database.js'

/** Sends one statement after the other, as they were given: a transaction has one connection. */
export function inTurnDatabase(db: Database): Database {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = async <Reply>(send: () => Promise<Reply>): Promise<Reply> => {
    const reply = last.then(send)
    last = reply.catch(() => undefined)
    return reply
  }
  return {
    query: async (sql, values) => inTurn(() => db.query(sql, values)),
    execute: async (sql, values) => inTurn(() => db.execute(sql, values)),
  }
}
