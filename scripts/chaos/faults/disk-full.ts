import type { Fault } from './fault.js'

/** A full disk cannot be had without rights to mount one: a trigger gives the error that PostgreSQL gives then. */
export const diskFull: Fault = {
  name: 'disk full (writes refused with 53100 by a trigger)',
  reach: 'database',
  recovery: { by: 'any run', limitMs: null },
  harm: 'loses leases',
  lastsMs: 6_000,
  inject: async ({ stage: { database } }) => {
    await database.query('UPDATE chaos_disk SET is_full = true')
    return {
      end: async () => {
        await database.query('UPDATE chaos_disk SET is_full = false')
      },
    }
  },
}
