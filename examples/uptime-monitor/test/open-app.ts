import { createScratchDatabase, recordedLog } from '@sisy/test-kit'
import { createHeartbeat } from '@sisy/heartbeat'
import { createWorker } from '@sisy/worker'
import { applyMigrations } from '../demo/apply-migrations.js'
import { startTargets } from '../demo/targets/start-targets.js'
import { databaseLocation } from '../src/database-location.js'

/** The app on a scratch database made by its own migrations, with the local targets; one per test file. */
export async function openApp() {
  const database = await createScratchDatabase({ schema: 'none' })
  process.env['DATABASE_URL'] = database.url
  const location = databaseLocation(process.env)
  const applied = await applyMigrations(location)
  const targets = await startTargets()
  // The app reads its environment when it is loaded.
  const { prisma } = await import('../src/db.js')
  const { logger } = recordedLog()
  const worker = createWorker({ prisma, logger })
  const heartbeat = createHeartbeat({ prisma, logger })
  return {
    location,
    applied,
    targets,
    prisma,
    worker,
    heartbeat,
    close: async () => {
      await heartbeat.stop()
      await worker.stop()
      await prisma.$disconnect()
      await targets[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}
