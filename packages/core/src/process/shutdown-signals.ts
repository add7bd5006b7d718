import { onRunnerGone } from './on-runner-gone.js'

/** What asks a process to end. */
export type ShutdownCause = 'SIGINT' | 'SIGTERM' | 'The end of the package runner'

/** What to do when asked to end. */
export interface ShutdownHandlers {
  /** Called the first time: take nothing new, finish what is running, then let the program end. */
  readonly drain: (cause: ShutdownCause) => void
  /** Called at every later signal: end at once. */
  readonly stopNow: (cause: ShutdownCause) => void
}

/** The signals to this process, from the time it begins. */
export interface ShutdownSignals extends Disposable {
  /** From now on they go to these handlers, until disposed. */
  handTo(handlers: ShutdownHandlers): Disposable
}

export interface ShutdownSignalsOptions {
  /** Milliseconds since any fixed moment, never going back. */
  readonly monotonic: () => number
  readonly env: NodeJS.ProcessEnv
}

/**
 * How long after the first signal another is taken for the same one, milliseconds. Ctrl-C reaches a whole process
 * group, and npx passes its copy on, so one key press arrives twice within a moment.
 */
const sameSignalMs = 100

const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * Listens to SIGINT and SIGTERM, and under npx, npm or pnpm for the end of those, until disposed. While they are handed
 * to nobody, as long as a program loads, there is nothing to be ended in order: the process exits at once, with 0. That
 * must be done by hand, since the system gives process 1 of a container no signal that it does not handle.
 */
export function catchShutdownSignals({ monotonic, env }: ShutdownSignalsOptions): ShutdownSignals {
  let handlers: ShutdownHandlers | undefined
  let firstAt: number | undefined

  function ask(cause: ShutdownCause): void {
    if (handlers === undefined) process.exit(0)
    firstAt = monotonic()
    handlers.drain(cause)
  }

  const listener = (signal: ShutdownCause): void => {
    if (firstAt === undefined) ask(signal)
    else if (monotonic() - firstAt >= sameSignalMs) handlers?.stopNow(signal)
  }
  for (const signal of signals) process.on(signal, listener)
  const runner = onRunnerGone(env, () => {
    // Some runners pass a signal on, and then go.
    if (firstAt === undefined) ask('The end of the package runner')
  })
  return {
    handTo: (given) => {
      handlers = given
      return {
        [Symbol.dispose]() {
          handlers = firstAt = undefined
        },
      }
    },
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, listener)
      runner[Symbol.dispose]()
    },
  }
}
