import { once } from 'node:events'
import { connect } from 'node:net'
import process from 'node:process'

/** URL of the Redis of `REDIS_URL` or of this machine, if it answers; null without one. */
export async function findRedis(): Promise<string | null> {
  const url = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port || 6379), timeout: 1_000 })
  try {
    await once(socket, 'connect')
    return url
  } catch {
    return null
  } finally {
    socket.destroy()
  }
}
