import { didYouMean, type Logger } from '@sisy/core/internal'

/** Says once per callable that its runs wait for a worker that knows it. */
export function unknownCallableReporter(
  logger: Logger,
  known: readonly string[],
): (callables: readonly string[]) => void {
  const told = new Set<string>()
  return (callables) => {
    for (const callable of callables) {
      if (told.has(callable)) continue
      told.add(callable)
      logger.warn(
        { callable },
        `Runs of "${callable}" are due, but this worker does not know it; they are left for one that does.${didYouMean(callable, known)}`,
      )
    }
  }
}
