import type { Logger, Store } from '@sisy/core/internal'
import type { Executors } from './open-executors.js'

/** What all children together may take of the server's connections before it is told. */
const share = 0.5

/** Warns when the children's pools could use up the connections of the database server. Never rejects. */
export async function warnOfConnections(
  { pools }: Pick<Executors, 'pools'>,
  store: Store,
  logger: Logger,
): Promise<void> {
  if (pools.length === 0) return
  try {
    const limit = await store.connectionLimit()
    const counts = await Promise.all(
      pools.map(async ({ executor, processes }) => ({
        processes,
        connections: (await executor.connectionsOfChild()) ?? 0,
      })),
    )
    const wanted = counts.reduce((sum, { processes, connections }) => sum + processes * connections, 0)
    if (wanted <= limit * share) return
    const told = counts.map(({ processes, connections }) => `${processes} × ${connections}`).join(' + ')
    logger.warn(
      `The child processes may open ${told} = ${wanted} connections, and the database server allows ${limit} in all. ` +
        'Make smaller pools: `prisma` in the configuration may be a function, called with { role: "child", concurrency }.',
    )
  } catch (error) {
    logger.debug({ err: error }, 'How many connections the children may open could not be found out.')
  }
}
