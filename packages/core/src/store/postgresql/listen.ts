import pg from 'pg'
import type { ConnectOptions, Connection } from '../listen-connection.js'

/**
 * A connection of its own that LISTENs. Locks nothing. The channel names are identifiers, which cannot be bound, so
 * they are quoted.
 */
export async function listenOn({
  connection,
  channels,
  onMessage,
  onLost,
}: ConnectOptions): Promise<Connection> {
  const client = new pg.Client({
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    keepAlive: true,
    application_name: 'sisy-listen',
  })
  // Until it listens, a failure is told by the promise alone; the driver tells of one twice.
  let listening = false
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
  try {
    await client.connect()
    for (const channel of channels) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
  } catch (error) {
    // Ending a connection that never came about may fail in its turn, which tells nothing new.
    await client.end().catch(() => undefined)
    throw error
  }
  listening = true
  return {
    close: async () => {
      listening = false
      await client.end()
    },
  }
}
