import { defineConfig } from '@sisy/core'
import { prisma } from './src/db.js'

export default defineConfig({
  prisma,
  // Sites may be checked as often as every second.
  heartbeat: { frequency: 1 },
  worker: { concurrency: 4 },
  // Heartbeat and worker make sure of these when they start.
  tasks: [
    {
      key: 'daily-report',
      label: 'Daily report',
      callable: 'Reports.daily',
      schedule: '0 6 * * *',
      timezone: 'Europe/Madrid',
    },
  ],
})
