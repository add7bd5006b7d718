import type { DatabaseClock, InstantsOf, Logger, NewRunId, OutcomeReporter, Store } from '@sisy/core/internal'
import type { RefusedTasks } from './refused-tasks.js'
import type { ReportFrequency } from './report-frequency.js'

/** What every duty of a tick works with. */
export interface Duty {
  readonly store: Store
  readonly clock: DatabaseClock
  readonly logger: Logger
  /** One heartbeat period, milliseconds. */
  readonly periodMs: number
  readonly retention: Retention
  /** Remembers schedules and their instants from tick to tick. */
  readonly instantsOf: InstantsOf
  readonly newRunId: NewRunId
  readonly reportFrequency: ReportFrequency
  /** Remembers from tick to tick which tasks the database refuses to write. */
  readonly refused: RefusedTasks
  readonly reportOutcome: OutcomeReporter
}

/** How long ended runs are kept. */
export interface Retention {
  /** Days; 0 deletes them at the next tick. */
  readonly succeededDays: number
  /** Days, also of cancelled runs; 0 deletes them at the next tick. */
  readonly failedDays: number
}
