import type { Logger } from '@sisy/core/internal'
import type { Worker } from './create-worker.js'

/**
 * What user code left behind may fail when no run awaits it any more. A rejection that nobody handles is logged, and
 * the other runs go on. After an exception that nobody caught the process cannot be trusted: the attempts of runs in it
 * end as crashed, since one of them is to blame and would otherwise end each worker in turn, and it exits with 1.
 */
export function catchStrayErrors(worker: Worker, logger: Logger): Disposable {
  const onRejection = (reason: unknown): void => {
    logger.error(
      { err: reason },
      'A callable left a promise behind that was rejected, and nobody handled it.',
    )
  }
  const onException = (error: unknown): void => {
    logger.fatal(
      { err: error },
      'Code of a callable threw where nobody caught it; the attempts of the runs in this process end as crashed, and so does the worker.',
    )
    void worker.crash(error).finally(() => process.exit(1))
  }
  process.on('unhandledRejection', onRejection)
  process.on('uncaughtException', onException)
  return {
    [Symbol.dispose]() {
      process.off('unhandledRejection', onRejection)
      process.off('uncaughtException', onException)
    },
  }
}
