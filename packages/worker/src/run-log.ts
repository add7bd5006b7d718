import type { Clock, Logger, Outcome, Transition } from '@sisy/core/internal'
import type { Ended, StateNow } from './run-pipeline.js'

export interface RunLogOptions {
  readonly logger: Logger
  readonly clock: Clock
}

/** Says how attempts ended and what becomes of their runs, one line each. */
export interface RunLog {
  ended(ended: Ended, state: StateNow): void
  /** Tells what is not told yet. */
  flush(): void
}

/** So many successes are told one by one in a period; of more only how many there were. */
const mostTold = 50
/** Milliseconds. */
const periodMs = 1_000

export function createRunLog({ logger, clock }: RunLogOptions): RunLog {
  let succeeded = 0
  let cancelTelling: (() => void) | undefined

  function flush(): void {
    cancelTelling?.()
    cancelTelling = undefined
    if (succeeded > mostTold) logger.info(`${succeeded - mostTold} more runs succeeded within a second.`)
    succeeded = 0
  }

  /** Nobody reads thousands of lines a second, and writing them takes longer than quick runs themselves. */
  function isTold(): boolean {
    cancelTelling ??= clock.after(periodMs, flush)
    succeeded += 1
    return succeeded <= mostTold
  }

  return {
    flush,
    ended: (ended, state) => {
      const { active, outcome, transition } = ended
      const { run, startedAt } = active
      const isSuccess = outcome.kind === 'ok' && state !== null
      if (isSuccess && !(logger.isLevelEnabled('info') && isTold())) return
      const ms = startedAt === null ? 0 : clock.now().getTime() - startedAt.getTime()
      const facts = { run: run.id, callable: run.callable, attempt: run.attempt, ms }
      const name = `${run.label} (run ${run.id}, attempt ${run.attempt} of ${run.maxAttempts})`
      if (state === null) {
        logger.warn(facts, `${name}: the lease was lost, so nothing was saved; another worker takes it over.`)
      } else if (outcome.kind === 'ok') {
        logger.info(facts, `${name} succeeded in ${ms} ms.`)
      } else {
        // What was claimed ahead and found no slot goes to another worker, as it should.
        const isRoutine = outcome.kind === 'evicted' && startedAt === null
        const level = isRoutine ? 'debug' : state === 'failed' ? 'error' : 'warn'
        const next = nextStep(transition, state)
        logger[level](facts, `${name} ${endings[outcome.kind]}${reasonOf(outcome)}${next}.`)
      }
    },
  }
}

function reasonOf(outcome: Outcome): string {
  const why = 'error' in outcome ? outcome.error.message : 'reason' in outcome ? outcome.reason : ''
  return why === '' ? '' : `: ${why.replace(/\.$/, '')}`
}

const endings: Record<Exclude<Outcome['kind'], 'ok'>, string> = {
  error: 'threw',
  timeout: 'ran out of time',
  memory: 'went over its memory limit',
  crashed: 'crashed',
  missing: 'has no record',
  cancelled: 'was cancelled',
  shutdown: 'was given back at shutdown',
  evicted: 'was given back, not counted: it could not begin, or its process had to go because of another run',
  lost: 'was lost',
  discard: 'was discarded',
  snooze: 'snoozed',
}

function nextStep({ dueAt, deleteTask, ...asked }: Transition, state: Transition['state']): string {
  if (state === 'succeeded') return '; it had completed in a transaction, so it stays succeeded'
  if (state === 'cancelled' && asked.state !== state) return '; it was cancelled meanwhile, so it has ended'
  if (deleteTask) return '; its task is deleted'
  if (state === 'scheduled') return `; it is tried again at ${dueAt?.toISOString()}`
  return state === 'failed' ? '; it has failed for good' : ''
}
