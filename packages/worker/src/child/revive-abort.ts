import type { RunAbort } from '../active-run.js'
import { fromAbortMessage, type AbortMessage } from './abort-message.js'

/** A run's abort as user code sees it, with errors as reasons; a signal is made only when somebody looks. */
export function reviveAbort(context: { readonly signal: AbortSignal }): Pick<RunAbort, 'reason' | 'signal'> {
  let controller: AbortController | undefined
  let reason: Error | undefined

  function revivedReason(): Error | undefined {
    // The supervisor sends no other reason.
    if (context.signal.aborted) reason ??= fromAbortMessage(context.signal.reason as AbortMessage)
    return reason
  }

  function listen(): AbortController {
    const made = new AbortController()
    const abort = (): void => made.abort(revivedReason())
    if (context.signal.aborted) abort()
    else context.signal.addEventListener('abort', abort, { once: true })
    return made
  }

  return {
    get reason() {
      return revivedReason()
    },
    get signal() {
      controller ??= listen()
      return controller.signal
    },
  }
}
