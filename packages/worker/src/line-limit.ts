import type { Clock, Logger } from '@sisy/core/internal'

/** Lines that say the same of different runs. */
export interface LineKind {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** What they say, of several runs: `succeeded`. */
  readonly ofMany: string
}

/** Keeps a log readable: of many lines of a kind only the first of a period are written, then how many more there were. */
export interface LineLimit {
  /** Whether one more is to be written; if not, it is counted. */
  admits(kind: LineKind): boolean
  /** Ends the period: tells how many more there were. */
  flush(): void
}

/** So many of a kind are written in a period. */
const mostWritten = 50
/** Milliseconds. */
const periodMs = 1_000

export function createLineLimit(logger: Logger, clock: Clock): LineLimit {
  const counts = new Map<string, { readonly kind: LineKind; count: number }>()
  let cancelFlush: (() => void) | undefined

  function flush(): void {
    cancelFlush?.()
    cancelFlush = undefined
    for (const { kind, count } of counts.values()) {
      if (count > mostWritten)
        logger[kind.level](`${count - mostWritten} more runs ${kind.ofMany} within a second.`)
    }
    counts.clear()
  }

  function counted(kind: LineKind): { count: number } {
    const key = `${kind.level} ${kind.ofMany}`
    const known = counts.get(key)
    if (known !== undefined) return known
    const added = { kind, count: 0 }
    counts.set(key, added)
    return added
  }

  return {
    flush,
    admits: (kind) => {
      if (!logger.isLevelEnabled(kind.level)) return false
      cancelFlush ??= clock.after(periodMs, flush)
      const soFar = counted(kind)
      soFar.count += 1
      return soFar.count <= mostWritten
    },
  }
}
