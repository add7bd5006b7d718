import type { Clock, Logger, Outcome, Transition } from '@sisy/core/internal'
import { createLineLimit, type LineKind } from './line-limit.js'
import type { Ended, StateNow } from './run-pipeline.js'

export interface RunLogOptions {
  readonly logger: Logger
  readonly clock: Clock
}

/**
 * Says how attempts ended and what becomes of their runs, one line each; of many that ended alike within a second the
 * first ones, and how many more there were.
 */
export interface RunLog {
  ended(ended: Ended, state: StateNow): void
  /** Tells what is not told yet. */
  flush(): void
}

export function createRunLog({ logger, clock }: RunLogOptions): RunLog {
  // Nobody reads thousands of lines a second, and writing them takes longer than quick runs themselves.
  const limit = createLineLimit(logger, clock)
  return {
    flush: () => limit.flush(),
    ended: (ended, state) => {
      const kind = lineKind(ended, state)
      if (!limit.admits(kind)) return
      const { run, startedAt } = ended.active
      const ms = startedAt === null ? 0 : clock.now().getTime() - startedAt.getTime()
      const { outcome } = ended
      const facts = {
        run: run.id,
        callable: run.callable,
        attempt: run.attempt,
        ms,
        // With its stack, which tells whoever wrote the callable where.
        ...(outcome.kind === 'error' && { error: outcome.error }),
      }
      const name = `${run.label} (run ${run.id}, attempt ${run.attempt} of ${run.maxAttempts})`
      logger[kind.level](facts, `${name}${whatEnded(ended, state, ms)}.`)
    },
  }
}

const success: LineKind = { level: 'info', ofMany: 'succeeded' }
const lostLease: LineKind = { level: 'warn', ofMany: 'lost their lease' }

function lineKind({ active, outcome }: Ended, state: StateNow): LineKind {
  if (state === null) return lostLease
  if (outcome.kind === 'ok') return success
  const [, ofMany] = endings[outcome.kind]
  // What was claimed ahead and found no slot goes to another worker, as it should.
  if (outcome.kind === 'evicted' && active.startedAt === null) return { level: 'debug', ofMany }
  return state === 'failed'
    ? { level: 'error', ofMany: `${ofMany} and failed for good` }
    : { level: 'warn', ofMany }
}

function whatEnded({ outcome, transition }: Ended, state: StateNow, ms: number): string {
  if (state === null) return ': the lease was lost, so nothing was saved; another worker takes it over'
  if (outcome.kind === 'ok') return ` succeeded in ${ms} ms`
  const [ofOne] = endings[outcome.kind]
  return ` ${ofOne}${reasonOf(outcome)}${nextStep(transition, state)}`
}

function reasonOf(outcome: Outcome): string {
  const why = 'error' in outcome ? outcome.error.message : 'reason' in outcome ? outcome.reason : ''
  return why === '' ? '' : `: ${why.replace(/\.$/, '')}`
}

/** How an attempt ended, said of one run and of several. */
const endings: Record<Exclude<Outcome['kind'], 'ok'>, readonly [ofOne: string, ofMany: string]> = {
  error: ['threw', 'threw'],
  timeout: ['ran out of time', 'ran out of time'],
  memory: ['went over its memory limit', 'went over their memory limit'],
  crashed: ['crashed', 'crashed'],
  missing: ['has no record', 'had no record'],
  cancelled: ['was cancelled', 'were cancelled'],
  shutdown: ['was given back at shutdown', 'were given back at shutdown'],
  evicted: [
    'was given back, not counted: it could not begin, or its process had to go because of another run',
    'were given back and not counted',
  ],
  lost: ['was lost', 'were lost'],
  discard: ['was discarded', 'were discarded'],
  snooze: ['snoozed', 'snoozed'],
}

function nextStep({ dueAt, deleteTask, ...asked }: Transition, state: Transition['state']): string {
  if (state === 'succeeded') return '; it had completed in a transaction, so it stays succeeded'
  if (state === 'cancelled' && asked.state !== state) return '; it was cancelled meanwhile, so it has ended'
  if (deleteTask) return '; its task is deleted'
  if (state === 'scheduled') return `; it is tried again at ${dueAt?.toISOString()}`
  return state === 'failed' ? '; it has failed for good' : ''
}
