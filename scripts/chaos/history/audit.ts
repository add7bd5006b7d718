/** A run's row as the audit saw it. Instants are epoch milliseconds of the database's clock. */
export interface SeenRun {
  readonly callable: string
  readonly taskId: string | null
  readonly state: 'scheduled' | 'due' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly attempt: number
  readonly maxAttempts: number
  readonly activeKey: string | null
  readonly workerId: string | null
  readonly leaseToken: string | null
  readonly leaseUntil: number | null
  readonly dueAt: number
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly cancelRequestedAt: number | null
  /** The call that last saved its userdata. */
  readonly savedBy: string | null
  /** The call whose result it has. */
  readonly resultOf: string | null
  /** How many entries the attempt log has. */
  readonly entries: number
  readonly lastEntry: LogEntry | null
}

/** As much of an entry of the attempt log as is checked. */
export interface LogEntry {
  readonly attempt: number
  readonly cause: string
  readonly signal?: string
  readonly pid?: number
  readonly error?: { readonly name: string; readonly message: string }
}

/** One change of a run's row. */
export interface Change {
  /** In the order of changes. */
  readonly seq: number
  readonly at: number
  /** Id of the transaction that made it. */
  readonly transaction: string
  /** Label of the process that made it. */
  readonly program: string
  readonly run: string
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly old: SeenRun | null
  readonly new: SeenRun | null
}

/** What a callable wrote down. */
export interface Note {
  /** When the database wrote it. */
  readonly at: number
  /** When it was sent, by the same clock: a process that is frozen meanwhile sends it before, and it is written after. */
  readonly sentAt: number
  readonly program: string
  readonly run: string
  readonly attempt: number
  readonly call: string
  readonly pid: number
  readonly kind: 'begin' | 'beat' | 'end' | 'thrown' | 'effect'
}

export const hasEnded = ({ state }: SeenRun): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled'
