// Starts the local targets and watches them, until Ctrl-C.
import { once } from 'node:events'
import { seed } from '../demo/seed.js'
import { startTargets } from '../demo/targets/start-targets.js'
import { prisma } from '../src/db.js'

await using targets = await startTargets()
await seed(targets)
await prisma.$disconnect()
for (const [name, url] of Object.entries(targets.urls)) console.log(`${name.padEnd(7)} ${url}`)
console.log('Serving until Ctrl-C.')
await once(process, 'SIGINT')
