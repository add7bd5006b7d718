import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A network between a client and a server that a test can break. */
export interface TcpProxy {
  /** Where clients connect, on 127.0.0.1. */
  readonly port: number
  /** Resets every connection and refuses new ones, until `heal()`. */
  cut(): void
  /** Accepts connections but forwards nothing, not even their end, on old ones and new ones, until `heal()`. */
  stall(): void
  /** Leaves the connections of this moment half-open for good: neither side hears of the other again. New ones work. */
  forget(): void
  /** Ends `cut()` and `stall()`: new connections work, and what stalled goes on where it stood. */
  heal(): Promise<void>
  /** Resets every connection and stops listening. */
  close(): void
}

/** One client's connection, and the one to the server that stands for it. */
interface Link {
  readonly client: Socket
  readonly server: Socket
}

/** Forwards connections to a server. */
export async function startTcpProxy(target: {
  readonly host: string
  readonly port: number
}): Promise<TcpProxy> {
  /** What is forwarded, or will be again. */
  const links = new Set<Link>()
  const forgotten = new Set<Link>()
  let stalled = false

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const server = connect({ ...target, allowHalfOpen: true, noDelay: true })
    const link = { client, server }
    links.add(link)
    for (const socket of [client, server]) {
      // Which end broke the connection, and how, is told to the other by breaking it too.
      socket.on('error', () => {
        reset(link)
      })
      socket.on('close', () => {
        if (client.destroyed && server.destroyed) links.delete(link)
      })
    }
    if (!stalled) forward(link)
  })

  async function listen(port: number): Promise<number> {
    listener.listen(port, '127.0.0.1')
    await once(listener, 'listening')
    return (listener.address() as AddressInfo).port
  }

  const port = await listen(0)

  function cut(): void {
    if (listener.listening) listener.close()
    links.forEach(reset)
  }

  return {
    port,
    cut,
    stall: () => {
      stalled = true
      links.forEach(hold)
    },
    forget: () => {
      for (const link of links) {
        hold(link)
        forgotten.add(link)
      }
      links.clear()
    },
    heal: async () => {
      if (stalled) links.forEach(forward)
      stalled = false
      if (!listener.listening) await listen(port)
    },
    close: () => {
      cut()
      forgotten.forEach(reset)
    },
  }
}

function forward({ client, server }: Link): void {
  client.pipe(server)
  server.pipe(client)
}

/** Nothing is read any more, so that nothing is heard either: no bytes, no end and no error. */
function hold({ client, server }: Link): void {
  client.unpipe()
  server.unpipe()
}

function reset({ client, server }: Link): void {
  client.resetAndDestroy()
  server.resetAndDestroy()
}
