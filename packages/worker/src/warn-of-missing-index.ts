import type { Logger, Store } from '@sisy/core/internal'

/** Warns when the tables were made without the index of the claims, as by `prisma db push`. Never rejects. */
export async function warnOfMissingIndex(store: Store, logger: Logger): Promise<void> {
  try {
    if (await store.hasClaimIndex()) return
    logger.warn(
      'The index sisy_task_run_claim is missing, so that each claim reads all runs there are, ended ones too: the longer the ' +
        'history, the slower. `npx sisy doctor` shows the statement that makes it.',
    )
  } catch (error) {
    logger.debug({ err: error }, 'Whether the index of the claims exists could not be found out.')
  }
}
