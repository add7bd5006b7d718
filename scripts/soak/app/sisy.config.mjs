import { defineConfig } from '@sisy/core'
import { prisma } from './db.mjs'

// Too little time to drain for what hangs, so that some runs are given back when the workers end.
export default defineConfig({ prisma, worker: { drainSeconds: 1, graceSeconds: 1 } })
