import { setTimeout as sleep } from 'node:timers/promises'
import { prisma } from '../src/db.js'

/** By then there are checks to report on. */
const WAIT_MS = 8000

/** Has the daily report made once without waiting for its hour, unless `signal` is aborted before. */
export async function requestReport(signal: AbortSignal): Promise<void> {
  const waited = await sleep(WAIT_MS, true, { signal }).catch(() => false)
  if (waited) await prisma.task.runNow({ key: 'daily-report' })
}
