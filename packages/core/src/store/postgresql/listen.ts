import { Socket } from 'node:net'
import pg from 'pg'
import type { ConnectOptions, Connection } from '../listen-connection.js'

/**
 * A connection of its own that LISTENs. Locks nothing. The channel names are identifiers, which cannot be bound, so
 * they are quoted.
 */
export function listenConnection({ connection, channels, onMessage, onLost }: ConnectOptions): Connection {
  const settings: pg.ClientConfig =
    typeof connection === 'string' ? { connectionString: connection } : connection
  const socket = settings.stream?.() ?? new Socket()
  const client = new pg.Client({
    ...settings,
    // Whoever probes it has a deadline of its own.
    query_timeout: undefined,
    stream: () => socket,
    keepAlive: true,
    application_name: 'sisy-listen',
  })
  // Until it listens, a failure is told by the promise alone; the driver tells of one twice.
  let listening = false
  let connected = false
  const lost = (error?: Error): void => {
    if (listening) onLost(error)
    listening = false
  }
  client.on('error', lost)
  client.on('end', () => {
    lost()
  })
  client.on('notification', ({ channel, payload }) => {
    onMessage(channel, payload ?? '')
  })
  return {
    listen: async () => {
      await client.connect()
      connected = true
      for (const channel of channels) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
      listening = true
    },
    probe: async () => {
      await client.query('SELECT')
    },
    close: () => {
      listening = false
      // The server is told, if it hears; the driver would wait for its answer. A driver that is told to end while it
      // connects never settles that, and `listen` would wait for ever: there the socket alone is closed.
      if (connected) void client.end()
      socket.destroy()
    },
  }
}
