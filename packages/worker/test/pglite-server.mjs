// A PGlite with Sisy's tables behind a socket, in a process of its own; prints its connection string when it is up.
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

const db = await PGlite.create()
await db.exec(await readFile(new URL('../../../prisma/sisy.sql', import.meta.url), 'utf8'))
const port = await freePort()
const server = new PGLiteSocketServer({ db, port, host: '127.0.0.1', maxConnections: 20 })
await server.start()
console.log(`postgres://postgres:postgres@127.0.0.1:${port}/postgres?sslmode=disable`)
