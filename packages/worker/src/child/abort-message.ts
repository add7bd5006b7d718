import {
  LeaseLostError,
  RunCancelledError,
  RunTimeoutError,
  WorkerShutdownError,
  type SisyError,
} from '@sisy/core/internal'

/** Why a run was aborted, as it is sent to its child: an error loses its class on the way. */
export interface AbortMessage {
  readonly code: string
  readonly message: string
  readonly facts: unknown
}

const reasons = [RunTimeoutError, RunCancelledError, LeaseLostError, WorkerShutdownError]

export function toAbortMessage(reason: Error): AbortMessage {
  const { message } = reason
  const code = 'code' in reason ? String(reason.code) : ''
  return { code, message, facts: 'facts' in reason ? reason.facts : {} }
}

/** The reason as user code sees it: an error of the class it had. */
export function fromAbortMessage({ code, message, facts }: AbortMessage): Error {
  const reason = reasons.find((known) => known.code === code)
  if (reason === undefined) return new Error(message)
  // The facts are those the error was made with, on the other side.
  return new (reason as new (message: string, facts: unknown) => SisyError)(message, facts)
}
