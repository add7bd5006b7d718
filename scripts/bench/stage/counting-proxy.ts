import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { once } from 'node:events'

/** A way to a PostgreSQL server on which statements are counted, whatever the client and however they are sent. */
export interface CountingProxy extends Disposable {
  /** The connection string that goes through it. */
  readonly url: string
  /** Statements so far. */
  count(): number
}

/** Simple queries, and executions of prepared ones. */
const statementTypes = ['Q', 'E'].map((type) => type.charCodeAt(0))

/** @param url connection string of the database itself; without TLS, which nobody between could read. */
export async function startCountingProxy(url: string): Promise<CountingProxy> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let statements = 0
  const listener = createServer({ noDelay: true }, (client) => {
    const server = connect({ host: target.hostname, port: Number(target.port || 5432), noDelay: true })
    const count = messageReader((type) => {
      if (statementTypes.includes(type)) statements += 1
    })
    client.on('data', count)
    client.pipe(server)
    server.pipe(client)
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      // The other side is told by the end of its connection.
      socket.on('error', () => [client, server].forEach((one) => one.destroy()))
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((listener.address() as AddressInfo).port)
  return {
    url: through.href,
    count: () => statements,
    [Symbol.dispose]: () => {
      listener.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Tells the type of each message that a client sends; the first one, which opens the session, has none. */
function messageReader(onMessage: (type: number) => void): (bytes: Buffer) => void {
  let unread = Buffer.alloc(0)
  let isOpen = false
  return (bytes) => {
    unread = Buffer.concat([unread, bytes])
    for (;;) {
      const lengthAt = isOpen ? 1 : 0
      if (unread.length < lengthAt + 4) return
      const end = lengthAt + unread.readInt32BE(lengthAt)
      if (unread.length < end) return
      if (isOpen) onMessage(unread[0] ?? 0)
      isOpen = true
      unread = unread.subarray(end)
    }
  }
}
