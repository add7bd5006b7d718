import type { Inspector } from '../store/inspector.js'
import type { Logger } from './create-logger.js'

const claimIndex = 'sisy_task_run_claim'

/** Warns when the tables were made without the index of the claims, as by `prisma db push`. Never rejects. */
export async function warnOfMissingIndex(
  inspector: Pick<Inspector, 'inspectTables'>,
  logger: Logger,
): Promise<void> {
  try {
    const tables = await inspector.inspectTables()
    if (tables.some(({ indexes }) => indexes.includes(claimIndex))) return
    logger.warn(
      `The index ${claimIndex} is missing, so that claims, and each look at what is coming, read all runs there are, ended ` +
        'ones too: the longer the history, the slower. `npx sisy doctor` shows the statement that makes it.',
    )
  } catch (error) {
    logger.debug({ err: error }, `Whether the index ${claimIndex} exists could not be found out.`)
  }
}
