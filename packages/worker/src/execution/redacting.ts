import { redactOutcome, type Redact } from '@sisy/core/internal'
import type { Execution, Executor } from './executor.js'

/** An executor's `execute` whose attempts leave redacted texts only: nothing behind it sees another. */
export function redacting(executor: Executor, redact: Redact): Pick<Executor, 'execute'> {
  return {
    execute: async (...attempt) => {
      const execution: Execution = await executor.execute(...attempt)
      const { outcome, facts } = execution
      return {
        ...execution,
        outcome: redactOutcome(outcome, redact),
        facts: { ...facts, output: facts.output.map(redact) },
      }
    },
  }
}
