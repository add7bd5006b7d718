import type { ServerEnd } from '../../../packages/test-kit/dist/index.js'
import { instantly, nothingToEnd, type Fault } from './fault.js'

const mostMs = 5_000

/** The injection ends when the server accepts connections. */
const restarted = (end: ServerEnd): Fault => ({
  ...instantly,
  name: `PostgreSQL restarted (${end})`,
  reach: 'database',
  recovery: { by: 'any run', limitMs: mostMs },
  harm: 'loses leases',
  inject: async ({ stage }) => {
    await stage.database.server.restart(end)
    return { end: nothingToEnd }
  },
})

export const databaseRestarted = restarted('fast')
export const databaseCrashed = restarted('immediate')

export const backendsTerminated: Fault = {
  ...instantly,
  name: 'all connections ended (pg_terminate_backend)',
  reach: 'database',
  recovery: { by: 'any run', limitMs: null },
  harm: 'loses leases',
  inject: async ({ stage }) => {
    await stage.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
    return { end: nothingToEnd }
  },
}
