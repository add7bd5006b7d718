/** Tells when somebody wants the demo to end. */
export interface StopRequests extends Disposable {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP, or by `ask()`. */
  readonly asked: AbortSignal
  /** Aborted when a signal comes again: end at once. */
  readonly insisted: AbortSignal
  ask(): void
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** One Ctrl-C can arrive twice, from the terminal and from npm. */
const SAME_KEY_PRESS_MS = 500

/** Listens to the signals until disposed. */
export function listenForStop(): StopRequests {
  const asked = new AbortController()
  const insisted = new AbortController()
  let first = 0
  const onSignal = () => {
    if (asked.signal.aborted && performance.now() - first > SAME_KEY_PRESS_MS) insisted.abort()
    if (!asked.signal.aborted) first = performance.now()
    asked.abort()
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return {
    asked: asked.signal,
    insisted: insisted.signal,
    ask: () => asked.abort(),
    [Symbol.dispose]: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal)
    },
  }
}
