import { prisma } from '../src/db.js'
import { requestReport } from './request-report.js'
import { seed } from './seed.js'
import { startProcesses } from './start-processes.js'
import type { StopRequests } from './stop-requests.js'
import { startTargets } from './targets/start-targets.js'
import { lineView } from './view/line-view.js'
import { readClock, readSnapshot, type Snapshot } from './view/read-snapshot.js'
import { screenView } from './view/screen-view.js'
import type { View } from './view/view.js'
import { watch } from './watch.js'

/**
 * Watches the targets by separate processes, showing what happens, until it is asked to stop. Resolves, when all has
 * ended in order, to the tables as they are then.
 *
 * @throws Error when a process ended unasked.
 */
export async function runSession(stop: StopRequests): Promise<Snapshot> {
  try {
    const since = await readClock()
    await using targets = await startTargets()
    await seed(targets)
    await runProcesses(since, stop)
    return await readSnapshot(since)
  } finally {
    await prisma.$disconnect()
  }
}

async function runProcesses(since: Date, stop: StopRequests): Promise<void> {
  const view: View = process.stdout.isTTY ? screenView(process.stdout) : lineView(process.stdout)
  await using processes = startProcesses((text) => view.notice(text))
  console.log(`Processes ${processes.description}\n`)
  stop.insisted.addEventListener('abort', () => processes.stopNow())
  const watching = Promise.all([watch(view, since, stop.asked), requestReport(stop.asked)])
  try {
    await Promise.race([watching, processes.failed])
  } finally {
    stop.ask()
    await watching.catch(() => {})
    view.end()
    console.log('\nEnding: runs that have begun are finished first.')
  }
}
