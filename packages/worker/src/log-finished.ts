import type { Clock, Logger, Outcome, Transition } from '@sisy/core/internal'
import type { ActiveRun } from './active-run.js'
import type { Finished } from './run-pipeline.js'

/** Says how an attempt ended and what becomes of its run, in one line. */
export function logFinished(
  logger: Logger,
  { run, startedAt }: ActiveRun,
  finished: Finished,
  clock: Clock,
): void {
  const { outcome, transition, state } = finished
  const ms = startedAt === null ? 0 : clock.now().getTime() - startedAt.getTime()
  const facts = { run: run.id, callable: run.callable, attempt: run.attempt, ms }
  const name = `${run.label} (run ${run.id}, attempt ${run.attempt} of ${run.maxAttempts})`
  if (state === null) {
    logger.warn(facts, `${name}: the lease was lost, so nothing was saved; another worker takes it over.`)
    return
  }
  if (outcome.kind === 'ok') {
    logger.info(facts, `${name} succeeded in ${ms} ms.`)
    return
  }
  const why = 'error' in outcome ? outcome.error.message : 'reason' in outcome ? outcome.reason : ''
  const told = why === '' ? '' : `: ${why.replace(/\.$/, '')}`
  const level = state === 'failed' ? 'error' : 'warn'
  logger[level](facts, `${name} ${endings[outcome.kind]}${told}${nextStep(transition, state)}.`)
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
