import type { ClaimedRun, Clock, Logger, Outcome, Store, Transition } from '@sisy/core/internal'
import { createRunAbort, type ActiveRun } from './active-run.js'
import type { FinishQueue } from './finish-queue.js'
import { giveUpAt } from './lease-keeper.js'
import { runPipeline, type Finished, type PipelineOptions } from './run-pipeline.js'
import type { RunTally } from './run-tally.js'

export interface RunStarterOptions extends PipelineOptions {
  readonly store: Store
  readonly clock: Clock
  readonly finishQueue: FinishQueue
  readonly logger: Logger
  readonly leaseMs: number
  readonly tally: RunTally
  /** The runs this worker holds; added and removed here. */
  readonly active: Set<ActiveRun>
  /** A run is to be tried again at an instant. */
  readonly onScheduled: (dueAt: Date) => void
  /** A run has ended and its slot is free. */
  readonly onFreed: () => void
}

/** Takes claimed runs over: marks their start in one statement, then runs each through the pipeline. */
export function createRunStarter(options: RunStarterOptions) {
  const { store, clock, logger, active } = options

  function hold(run: ClaimedRun, leaseToken: string, askedAt: number): ActiveRun {
    const held: ActiveRun = {
      run,
      leaseToken,
      giveUpAt: giveUpAt(askedAt, options.leaseMs),
      startedAt: null,
      abort: createRunAbort(),
    }
    active.add(held)
    return held
  }

  function free(held: ActiveRun): void {
    active.delete(held)
    options.onFreed()
  }

  async function follow(held: ActiveRun, ended: Promise<Finished>): Promise<void> {
    try {
      const finished = await ended
      options.tally.count(finished.written ? finished.outcome.kind : 'lost')
      logFinished(logger, held, finished, clock)
      if (finished.written && finished.transition.dueAt !== null)
        options.onScheduled(finished.transition.dueAt)
    } catch (error) {
      logger.error(
        { err: error, run: held.run.id },
        `Run ${held.run.id} (${held.run.callable}) could not be ended; it will be rescued.`,
      )
    } finally {
      free(held)
    }
  }

  return async (runs: readonly ClaimedRun[], leaseToken: string, askedAt: number): Promise<void> => {
    const holding = runs.map((run) => hold(run, leaseToken, askedAt))
    const now = clock.now()
    try {
      const started = await store.startRuns(
        now,
        runs.map(({ id }) => ({ id, leaseToken })),
      )
      const byId = new Map(started.map((run) => [run.id, run]))
      for (const held of holding) {
        const found = byId.get(held.run.id)
        if (found === undefined) {
          free(held)
          continue
        }
        held.startedAt = now
        void follow(held, runPipeline(held, found, options))
      }
    } catch (error) {
      // Whether they were marked is not known; the lease will tell, and nothing of theirs has begun.
      for (const held of holding) free(held)
      throw error
    }
  }
}

function logFinished(logger: Logger, { run, startedAt }: ActiveRun, finished: Finished, clock: Clock): void {
  const { outcome, transition, written } = finished
  const ms = startedAt === null ? 0 : clock.now().getTime() - startedAt.getTime()
  const facts = { run: run.id, callable: run.callable, attempt: run.attempt, ms }
  const name = `${run.label} (run ${run.id}, attempt ${run.attempt} of ${run.maxAttempts})`
  if (!written) {
    logger.warn(facts, `${name}: the lease was lost, so nothing was saved; another worker takes it over.`)
    return
  }
  if (outcome.kind === 'ok') {
    logger.info(facts, `${name} succeeded in ${ms} ms.`)
    return
  }
  const why = 'error' in outcome ? outcome.error.message : 'reason' in outcome ? outcome.reason : ''
  const told = why === '' ? '' : `: ${why.replace(/\.$/, '')}`
  const level = transition.state === 'failed' ? 'error' : 'warn'
  logger[level](facts, `${name} ${endings[outcome.kind]}${told}${nextStep(transition)}.`)
}

const endings: Record<Exclude<Outcome['kind'], 'ok'>, string> = {
  error: 'threw',
  timeout: 'ran out of time',
  missing: 'has no record',
  cancelled: 'was cancelled',
  shutdown: 'was given back at shutdown',
  lost: 'was lost',
  discard: 'was discarded',
  snooze: 'snoozed',
}

function nextStep({ state, dueAt, deleteTask }: Transition): string {
  if (deleteTask) return '; its task is deleted'
  if (state === 'scheduled') return `; it is tried again at ${dueAt?.toISOString()}`
  return state === 'failed' ? '; it has failed for good' : ''
}
