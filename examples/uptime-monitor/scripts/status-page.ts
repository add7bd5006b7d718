// Runs the data migration of the status page: `npm run status-page -- up <url>`, `npm run status-page -- down`.
import { down, up } from '../prisma/data-migrations/watch-status-page.js'
import { prisma } from '../src/db.js'

const [direction, url] = process.argv.slice(2)
if (direction === 'up' && url !== undefined) await prisma.$transaction((tx) => up(tx, url))
else if (direction === 'down') await prisma.$transaction(down)
else {
  console.error('Say `up <url>` or `down`.')
  process.exitCode = 1
}
await prisma.$disconnect()
