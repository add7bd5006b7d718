import { oneLine, type Clock, type Logger, type TimedTask } from '@sisy/core/internal'

/** How long a refused task is left alone, milliseconds. */
const pauseMs = 60_000
/** So many refused one after the other are no matter of single tasks any more. */
const mostAtOnce = 100
/** So many are left alone at most; the longest refused are tried again first. */
const mostKept = 10_000

/** Tasks whose rows, or whose runs, the database refuses to write: a trigger or a constraint of the app does not take them. */
export interface RefusedTasks {
  /** @returns the ids of those that are left alone for now. */
  leftAlone(): Set<string>
  /**
   * Begins a duty. @returns what is told of each task that is refused in it; throws the error when they are too many.
   */
  counting(): (task: TimedTask, error: unknown) => void
}

export function createRefusedTasks(clock: Clock, logger: Logger): RefusedTasks {
  /** `monotonic()` from which on they are tried again, the earliest first. */
  const retryAt = new Map<string, number>()

  function refuse({ id, label }: TimedTask, error: unknown): void {
    retryAt.delete(id)
    retryAt.set(id, clock.monotonic() + pauseMs)
    const [oldest] = retryAt.keys()
    if (retryAt.size > mostKept && oldest !== undefined) retryAt.delete(oldest)
    const reason = oneLine(error).replace(/\.$/, '')
    logger.error(
      { err: error, task: id },
      `Task "${label}" (${id}) could not be written: ${reason}. Others go on without it; it is tried again in a minute.`,
    )
  }

  return {
    leftAlone: () => {
      const now = clock.monotonic()
      for (const [id, at] of retryAt) if (at <= now) retryAt.delete(id)
      return new Set(retryAt.keys())
    },
    counting: () => {
      let count = 0
      return (task, error) => {
        count += 1
        if (count > mostAtOnce) throw error
        refuse(task, error)
      }
    },
  }
}
