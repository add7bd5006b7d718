/** A signal that asks a process to end. */
export type ShutdownSignal = 'SIGINT' | 'SIGTERM'

/** What to do when asked to end. */
export interface ShutdownHandlers {
  /** Called at the first signal: take nothing new, finish what is running, then let the program end. */
  readonly drain: (signal: ShutdownSignal) => void
  /** Called at every later one: end at once. */
  readonly stopNow: (signal: ShutdownSignal) => void
  /** Milliseconds since any fixed moment, never going back. */
  readonly monotonic: () => number
}

/**
 * How long after the first signal another is taken for the same one, milliseconds. Ctrl-C reaches a whole process
 * group, and npx passes its copy on, so one key press arrives twice within a moment.
 */
const sameSignalMs = 100

const signals: readonly ShutdownSignal[] = ['SIGINT', 'SIGTERM']

/** Listens to SIGINT and SIGTERM until disposed. */
export function onShutdownSignals({ drain, stopNow, monotonic }: ShutdownHandlers): Disposable {
  let firstAt: number | undefined
  const listener = (signal: ShutdownSignal) => {
    if (firstAt === undefined) {
      firstAt = monotonic()
      drain(signal)
    } else if (monotonic() - firstAt >= sameSignalMs) {
      stopNow(signal)
    }
  }
  for (const signal of signals) process.on(signal, listener)
  return {
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, listener)
    },
  }
}
