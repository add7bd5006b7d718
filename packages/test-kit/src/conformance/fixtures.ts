import {
  decideTransition,
  createRunIds,
  type ClaimRequest,
  type DecidedRun,
  type Lease,
  type NewRun,
  type NewTask,
  type Outcome,
  type Store,
  type Transition,
} from '@sisy/core/internal'
import { randomUUID } from 'node:crypto'

/** A store under test, on an empty database. */
export interface StoreUnderTest {
  readonly store: Store
  /** Empties Sisy's tables. */
  clear(): Promise<void>
  /** Runs a statement of the test's own. */
  sql<Row = Record<string, unknown>>(statement: string, ...values: unknown[]): Promise<Row[]>
  /** Locks a run's row from a session of its own. */
  hold(runId: string): Promise<HeldRow>
  close(): Promise<void>
}

/** A row that another transaction holds. */
export interface HeldRow {
  letGo(): Promise<void>
}

export const newTask: NewTask = {
  key: null,
  label: 'work',
  callable: 'work',
  modelName: null,
  modelKey: null,
  schedule: '0 * * * *',
  timezone: 'UTC',
  startRunning: null,
  endRunning: null,
  waitForSchedule: true,
  iterations: 0,
  allowOverlap: true,
  misfire: 'once',
  misfireWindow: null,
  misfireLimit: 100,
  jitterSeconds: 0,
  queue: 'default',
  priority: 0,
  maxAttempts: 5,
  backoff: null,
  timeoutSeconds: null,
  onMissingRecord: 'fail',
  nextRun: new Date('2030-01-01T00:00:00Z'),
}

const newId = createRunIds()

export function newRun(given: Partial<NewRun> = {}): NewRun {
  return {
    id: newId(new Date()),
    label: 'work',
    callable: 'work',
    modelName: null,
    modelKey: null,
    userdata: {},
    queue: 'default',
    priority: 0,
    maxAttempts: 5,
    backoff: null,
    timeoutSeconds: null,
    dueAt: null,
    uniqueKey: null,
    ...given,
  }
}

export const now = new Date('2030-01-01T00:00:00Z')

/** @param ms milliseconds after `now`. */
export function later(ms: number): Date {
  return new Date(now.getTime() + ms)
}

export function claimRequest(given: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    queue: 'default',
    callables: ['work'],
    limit: 10,
    leaseToken: randomUUID(),
    leaseMs: 60_000,
    workerId: randomUUID(),
    ...given,
  }
}

/** Enqueues a run and claims it. */
export async function claimedRun(under: StoreUnderTest, given: Partial<NewRun> = {}): Promise<Lease> {
  const run = newRun(given)
  await under.store.enqueueRuns([run])
  const request = claimRequest({ queue: run.queue })
  await under.store.claimRuns(now, request)
  return { id: run.id, leaseToken: request.leaseToken }
}

/** Makes an ended attempt's run run again under the same lease, as nobody does but a test that wants another end. */
export async function runsAgain(under: StoreUnderTest, { id }: Lease): Promise<void> {
  await under.sql(
    `UPDATE sisy_task_run SET state = 'running', "leaseUntil" = '2030-01-01T00:01:00Z' WHERE id = $1::uuid`,
    id,
  )
}

const decided: DecidedRun = {
  attempt: 1,
  maxAttempts: 5,
  backoff: null,
  onMissingRecord: 'fail',
  startedAt: now,
  workerId: null,
  pid: null,
  peakMemory: null,
  cpuMs: null,
  output: [],
}

/** What becomes of a first attempt of five, half-way through its backoff. */
export function transitionAfter(outcome: Outcome, run: Partial<DecidedRun> = {}): Transition {
  return decideTransition(outcome, { ...decided, ...run }, now, 0.5)
}

export const boom = { kind: 'error', error: { name: 'Error', message: 'boom' } } satisfies Outcome

/** Ids for runs, in ascending order. */
export function newRunIds(count: number): string[] {
  return Array.from({ length: count }, newRunId)
}

export function newRunId(): string {
  return newId(now)
}
