import type { ErrorRecord, Outcome } from './outcome.js'

/** Takes out of a text what must not be stored; called with each text that an attempt leaves. */
export type Redact = (text: string) => string

/** An outcome with every text in it redacted. A result is no text of ours: it stays as it is. */
export function redactOutcome(outcome: Outcome, redact: Redact): Outcome {
  switch (outcome.kind) {
    case 'error':
    case 'timeout':
    case 'memory':
    case 'crashed':
    case 'missing':
      return { ...outcome, error: redactError(outcome.error, redact) }
    case 'discard':
      return { ...outcome, reason: redact(outcome.reason) }
    case 'ok':
    case 'cancelled':
    case 'shutdown':
    case 'evicted':
    case 'lost':
    case 'snooze':
      return outcome
  }
}

function redactError({ name, message, code, stack, cause }: ErrorRecord, redact: Redact): ErrorRecord {
  return {
    name: redact(name),
    message: redact(message),
    ...(code !== undefined && { code: redact(code) }),
    ...(stack !== undefined && { stack: redact(stack) }),
    ...(cause !== undefined && { cause: redactError(cause, redact) }),
  }
}
