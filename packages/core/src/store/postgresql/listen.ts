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
  let closing = false
  const lost = (error?: Error): void => {
    if (!closing) onLost(error)
    closing = true
  }
  client.on('error', lost)
  client.on('end', () => {
    lost()
  })
  client.on('notification', ({ channel, payload }) => {
    onMessage(channel, payload ?? '')
  })
  await client.connect()
  for (const channel of channels) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
  return {
    close: async () => {
      closing = true
      await client.end()
    },
  }
}
