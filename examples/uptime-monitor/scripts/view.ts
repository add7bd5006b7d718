// Shows what is due, running and done in the database of DATABASE_URL, until Ctrl-C.
import { listenForStop } from '../demo/stop-requests.js'
import { readClock } from '../demo/view/read-snapshot.js'
import { lineView } from '../demo/view/line-view.js'
import { screenView } from '../demo/view/screen-view.js'
import { watch } from '../demo/watch.js'
import { prisma } from '../src/db.js'

using stop = listenForStop()
const view = process.stdout.isTTY ? screenView(process.stdout) : lineView(process.stdout)
await watch(view, await readClock(), stop.asked)
view.end()
await prisma.$disconnect()
