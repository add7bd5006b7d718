import { defineConfig } from '@sisy/core'
import { prisma } from './db.mjs'

// The shortest lease there is, so that what waits for its end is seen often.
export default defineConfig({
  prisma,
  heartbeat: { frequency: 1 },
  worker: { leaseSeconds: 5, pollSeconds: 1, drainSeconds: 3, graceSeconds: 2 },
})
