import { once } from 'node:events'
import { createServer, Socket, type AddressInfo } from 'node:net'
import pg from 'pg'

/** A pooler as pgbouncer is in transaction mode. */
export interface TransactionPooler {
  /** Connection string of the database through the pooler. */
  readonly url: string
  /** Ends all connections, and stops listening. */
  close(): void
}

export interface TransactionPoolerOptions {
  /** Connection string of the database itself. */
  readonly url: string
  /** How many sessions its clients share. */
  readonly sessions: number
}

/** Types of PostgreSQL's messages, as their first byte. */
const type = { notification: 0x41, readyForQuery: 0x5a, terminate: 0x58 }
const sslRequest = 80_877_103
const loggedIn = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1')

/**
 * Lends each client a session for one transaction, so that nothing of a session outlasts it for the client: what a
 * client LISTENs to is never told. A client must wait for each answer before it asks again, as pg does.
 */
export async function startTransactionPooler({
  url,
  sessions,
}: TransactionPoolerOptions): Promise<TransactionPooler> {
  const clients = new Set<Socket>()
  const servers = await Promise.all(Array.from({ length: sessions }, () => logIn(url)))
  const free = [...servers]
  const waiting: (() => void)[] = []

  /** Lends a session until its transaction ends. */
  function lend(client: Socket, request: Buffer): void {
    const server = free.pop()
    if (server === undefined) {
      waiting.push(() => lend(client, request))
      return
    }
    const ask = (chunk: Buffer): void => void server.write(chunk)
    const answer = messages((message) => {
      if (message[0] === type.notification) return
      if (message[0] === type.readyForQuery && message[5] === 0x49) {
        server.off('data', answer)
        client.off('data', ask)
        free.push(server)
        waiting.shift()?.()
        serve(client)
      }
      client.write(message)
    })
    server.on('data', answer)
    client.on('data', ask)
    ask(request)
  }

  /** Waits for what begins the client's next transaction. */
  function serve(client: Socket): void {
    client.once('data', (chunk: Buffer) => {
      if (chunk[0] === type.terminate) client.destroy()
      else lend(client, chunk)
    })
  }

  function greet(client: Socket): void {
    client.once('data', (chunk: Buffer) => {
      if (chunk.readInt32BE(4) === sslRequest) {
        client.write('N')
        greet(client)
        return
      }
      client.write(loggedIn)
      serve(client)
    })
  }

  const listener = createServer((client) => {
    clients.add(client)
    client.on('error', () => undefined)
    client.on('close', () => clients.delete(client))
    greet(client)
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')

  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((listener.address() as AddressInfo).port)
  return {
    url: through.href,
    close: () => {
      listener.close()
      for (const socket of [...clients, ...servers]) socket.destroy()
    },
  }
}

/** A session's socket, of which the driver knows nothing any more once it has logged in. */
async function logIn(url: string): Promise<Socket> {
  const socket = new Socket()
  const client = new pg.Client({ connectionString: url, stream: () => socket })
  client.on('error', () => undefined)
  await client.connect()
  socket.removeAllListeners('data')
  return socket
}

/** Cuts what a server sends into messages: a type, four bytes of length, content. */
function messages(onMessage: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = rest.readInt32BE(1) + 1
      onMessage(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  }
}
