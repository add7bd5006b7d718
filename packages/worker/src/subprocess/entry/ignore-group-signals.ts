/** Signals that a terminal, or a service manager, sends to every process of a group or service at once. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Ignores signals that mean the supervisor, which ends its children in order. After `obey()` a SIGTERM is meant for
 * this process, which ends unless user code handles the signal itself.
 */
export function ignoreGroupSignals(): { obey(): void } {
  let obeys = false
  for (const signal of signals) {
    process.on(signal, () => {
      if (obeys && signal === 'SIGTERM' && process.listenerCount(signal) === 1) process.exit(143)
    })
  }
  return {
    obey: () => {
      obeys = true
    },
  }
}
