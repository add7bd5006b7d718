import type { Fault } from './fault.js'
import { instantly, nothingToEnd } from './fault.js'

export const poolerRestarted: Fault = {
  ...instantly,
  name: 'pgbouncer killed and started again',
  reach: 'pooler',
  recovery: { by: 'same program', limitMs: null },
  harm: 'loses leases',
  inject: async ({ stage, choose }) => {
    choose(({ role }) => role.way === 'pooler')
    await stage.pooler?.restart()
    return { end: nothingToEnd }
  },
}
