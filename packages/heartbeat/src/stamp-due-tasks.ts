import { stampDecision, writeApart, type Stamp, type TimedTask } from '@sisy/core/internal'
import type { Duty } from './duty.js'
import { inLanes } from './in-lanes.js'
import { reportProblem } from './report-problem.js'

/** How many tasks are read first: few, so that the database soon has some to stamp, and the first runs start. */
const firstBatch = 500
/** How many tasks are read at a time at most; each time twice as many as before. */
const largestBatch = 1_000
/** How many runs one statement inserts, unless a single task has more to make up for. */
const runsPerStatement = 10_000
/**
 * Statements under way at once: while one is worked on by the database, the next is decided upon. Each stamps that share of
 * what was read.
 */
const lanes = 2
/** With more held by other transactions than this, the rest waits for the next tick. */
const mostHeld = 40_000

/** What was read at once. */
interface Due {
  readonly now: Date
  /** How many were asked for. */
  readonly limit: number
  readonly tasks: readonly TimedTask[]
  readonly mayBeMore: boolean
}

/** What one statement stamps. */
interface Part {
  readonly now: Date
  readonly stamps: readonly Stamp[]
}

/**
 * Stamps every due task, the longest due first; each statement inserts the runs of some of them and advances those.
 *
 * @returns how many runs were inserted.
 */
export async function stampDueTasks(duty: Duty): Promise<number> {
  const { store, logger, reportFrequency, refused } = duty
  /** Read and not advanced: under way, held, refused, or changed since by somebody else, which the next tick sees to. */
  const left = refused.leftAlone()
  const onRefused = refused.counting()
  let stamped = 0
  const stamp = async (now: Date, stamps: readonly Stamp[]): Promise<void> => {
    const written = await store.stampTasks(now, stamps)
    stamped += written.runs
    for (const id of written.tasks) left.delete(id)
    logger.debug(`Stamped ${written.runs} runs of ${written.tasks.length} tasks.`)
    for (const { read, stamped: columns } of stamps) {
      if (columns.problem === null) reportFrequency(read)
      else reportProblem(logger, read, columns.problem)
    }
  }
  await inLanes(parts(duty, left), lanes, ({ now, stamps }) =>
    writeApart(
      stamps,
      (part) => stamp(now, part),
      ({ read }, error) => onRefused(read, error),
    ),
  )
  return stamped
}

/** Reads what is due and not yet `left`, where it puts it. While some are stamped the next are read. */
async function* parts(duty: Duty, left: Set<string>): AsyncGenerator<Part> {
  const read = async (limit: number): Promise<Due> => {
    const now = duty.clock.now()
    const tasks = await duty.store.readDueTasks(now, { limit, except: left })
    for (const { id } of tasks) left.add(id)
    return { now, limit, tasks, mayBeMore: tasks.length === limit && left.size < mostHeld }
  }
  let due = await read(firstBatch)
  for (;;) {
    const next = due.mayBeMore ? read(Math.min(2 * due.limit, largestBatch)) : undefined
    // Whoever takes the last of these parts is told.
    next?.catch(() => undefined)
    const { now, tasks, limit } = due
    for (const stamps of statements(decisions(duty, now, tasks), limit / lanes)) yield { now, stamps }
    if (next === undefined) return
    due = await next
  }
}

/** Decides one task at a time, as they are asked for: after a long outage all their runs would not fit in memory. */
function* decisions(
  { periodMs, instantsOf, newRunId }: Duty,
  now: Date,
  tasks: readonly TimedTask[],
): Generator<Stamp> {
  for (const read of tasks) {
    const { runs, stamped, skipped } = stampDecision(read, { now, periodMs, instantsOf })
    yield { read, stamped, skipped, runs: runs.map(({ dueAt }) => ({ id: newRunId(now), dueAt })) }
  }
}

/** Parts the stamps into what one statement takes each. */
function* statements(stamps: Iterable<Stamp>, tasksPerStatement: number): Generator<readonly Stamp[]> {
  let part: Stamp[] = []
  let runs = 0
  for (const stamp of stamps) {
    const isFull = part.length === tasksPerStatement || runs + stamp.runs.length > runsPerStatement
    if (part.length > 0 && isFull) {
      yield part
      part = []
      runs = 0
    }
    part.push(stamp)
    runs += stamp.runs.length
  }
  if (part.length > 0) yield part
}
