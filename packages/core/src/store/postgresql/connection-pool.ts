import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import pg from 'pg'
import { sleep, type Clock } from '../../clock/clock.js'
import { sqlState } from '../../errors/database-evidence.js'
import type { ListenConnection } from '../listen-connection.js'
import type { Planning } from './session-planning.js'

/** Connections that statements are sent over. */
export interface ConnectionPool {
  /** One connection, to be released. */
  connect(): Promise<Loan>
  /** Ends them; those that do not end within a second are destroyed. What connects afterwards starts anew. */
  close(): Promise<void>
}

/** A connection on loan. */
export interface Loan {
  readonly client: pg.PoolClient
  /** It turned out dead, so the others may be: what comes next gets new ones. What is under way goes on. */
  readonly renewPool: () => void
}

export interface OwnPoolOptions {
  /** Settings of the app's own connections. */
  readonly connection: ListenConnection
  /** How many connections at most. */
  readonly connections: number
  /** Name of the sessions, unless the settings name them. */
  readonly name: string
  /** How long a connection may take to come about, milliseconds. */
  readonly connectMs: number
  readonly planning: Planning
  readonly clock: Clock
}

/** Longer than an idle worker goes without any statement, so that not each of them needs a new connection, milliseconds. */
const idleMs = 60_000
/** How long the server may take to answer the end of a connection, milliseconds. */
const partingMs = 1_000

/** SQLSTATEs by which poolers refuse a session for what it asks to begin with. */
const refusals: readonly (string | undefined)[] = ['08P01', '0A000']

/**
 * A pool of our own beside the app's, so that neither uses up the other's. It is opened when the first connection is
 * wanted, and an idle connection does not keep the process alive. Its sessions plan as they are told, unless the app gives
 * them options of its own, or a pooler in between refuses any.
 */
export function openOwnPool({
  connection,
  connections,
  name,
  connectMs,
  planning,
  clock,
}: OwnPoolOptions): ConnectionPool {
  const settings: pg.PoolConfig =
    typeof connection === 'string' ? { connectionString: connection } : connection
  const sockets = trackSockets(settings.stream)
  let pool: pg.Pool | undefined
  const planningOptions = Object.entries(planning.settings).map(
    ([setting, value]) => `-c ${setting}=${value}`,
  )
  let options: string | undefined = [process.env['PGOPTIONS'] ?? '', ...planningOptions].join(' ')

  function open(): pg.Pool {
    const opened = new pg.Pool({
      ...(options !== undefined && { options }),
      ...settings,
      // Ours is the deadline of each statement.
      query_timeout: undefined,
      min: 0,
      max: connections,
      fallback_application_name: name,
      // Whoever waits is told by us, so the driver gives up later.
      connectionTimeoutMillis: connectMs + 1_000,
      idleTimeoutMillis: idleMs,
      keepAlive: true,
      allowExitOnIdle: true,
      stream: sockets.open,
    })
    const ignore = (): void => undefined
    // An idle connection that is lost is told by the next statement, if at all.
    opened.on('error', ignore)
    // The server may end a session in the very message that opens it, before anybody has it to listen.
    opened.on('connect', (client) => client.on('error', ignore))
    return opened
  }

  async function end(ended: pg.Pool | undefined): Promise<void> {
    // Somebody else may have ended it, and a new one be in its place.
    if (ended === undefined || ended !== pool) return
    pool = undefined
    await ended.end()
  }

  async function connect(): Promise<Loan> {
    const asked = options
    const lender = (pool ??= open())
    try {
      return { client: await lender.connect(), renewPool: () => void end(lender) }
    } catch (error) {
      if (asked === undefined || !refusals.includes(sqlState(error))) throw error
      options = undefined
      // It has no connections; those who wait for one are refused in turn, and come here.
      if (pool === lender) pool = undefined
      return connect()
    }
  }

  return {
    connect,
    close: async () => {
      const waiting = new AbortController()
      void end(pool)
      await Promise.race([sockets.closed(), sleep(clock, partingMs, waiting.signal)])
      waiting.abort()
      sockets.destroy()
    },
  }
}

/** The app's own pool. It is not ours to end, nor to renew. */
export function appPool(given: object): ConnectionPool {
  // The adapter took it for one, of whichever copy of pg.
  const pool = given as pg.Pool
  const ignore = (): void => undefined
  const renewPool = ignore
  // Prisma listens only once it has used the pool; without a listener a lost idle connection ends the process, also one
  // that we left there.
  pool.on('error', ignore)
  return {
    connect: async () => ({ client: await pool.connect(), renewPool }),
    close: async () => {
      if (pool.listenerCount('error') > 1) pool.off('error', ignore)
    },
  }
}

/** Makes the sockets of connections, so that they can be destroyed: the driver itself only ever ends them politely. */
function trackSockets(openSocket: pg.ClientConfig['stream']) {
  const sockets = new Set<Duplex>()
  let onClosed = (): void => undefined
  return {
    open: (): Duplex => {
      const socket = openSocket?.() ?? new Socket()
      sockets.add(socket)
      socket.once('close', () => {
        sockets.delete(socket)
        if (sockets.size === 0) onClosed()
      })
      return socket
    },
    /** Resolves when there are none. */
    closed: (): Promise<void> =>
      new Promise((resolve) => {
        onClosed = resolve
        if (sockets.size === 0) resolve()
      }),
    destroy: (): void => {
      for (const socket of sockets) socket.destroy()
    },
  }
}
