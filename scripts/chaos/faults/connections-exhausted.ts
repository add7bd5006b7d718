import pg from 'pg'
import type { Fault } from './fault.js'

export const connectionsExhausted: Fault = {
  name: 'connections exhausted',
  reach: 'database',
  recovery: { by: 'any run', limitMs: null },
  harm: 'loses leases',
  lastsMs: 4_000,
  inject: async ({ stage: { database }, choose }) => {
    const url = database.url('exhaustion')
    const taken = await takeAll(url)
    // Somebody who needs new connections just now.
    const victim = choose(({ role }) => role.kind === 'worker' && role.way === 'direct')
    await database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
      [victim.label()],
    )
    taken.push(...(await takeAll(url)))
    return {
      end: async () => {
        await Promise.all(taken.map((client) => client.end().catch(() => undefined)))
      },
    }
  },
}

/** Connects until the server refuses, because it has no room or is not there. */
async function takeAll(url: string): Promise<pg.Client[]> {
  const taken: pg.Client[] = []
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    // The server may be restarted while they are held.
    client.on('error', () => undefined)
    try {
      await client.connect()
    } catch {
      return taken
    }
    taken.push(client)
  }
}
