import { oneLine } from '../errors/one-line.js'
import { describeDatabaseError } from './describe-database-error.js'
import type { Logger } from './create-logger.js'

/** Tells of trouble once when it begins, and once when it ends. */
export interface TroubleReporter {
  readonly onTrouble: (error: unknown) => void
  readonly onRecovery: () => void
}

/** @param doing what is in trouble, to begin a sentence: `Claiming`, `Renewing leases`. */
export function troubleReporter(logger: Logger, doing: string): TroubleReporter {
  return {
    onTrouble: (error) => {
      const known = describeDatabaseError(error)
      const why = known === undefined ? oneLine(error) : known.message
      logger.warn(
        { err: known === undefined ? error : undefined },
        `${doing} fails and will be tried again: ${why}`,
      )
    },
    onRecovery: () => {
      logger.info(`${doing} works again.`)
    },
  }
}
