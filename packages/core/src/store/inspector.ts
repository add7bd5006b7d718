/** Which database server answers. */
export interface ServerVersion {
  /** As the server tells it, for people. */
  readonly text: string
  /** 150004 for 15.4. */
  readonly number: number
  /** It is PGlite, which serves one process only: with several it gives wrong results. */
  readonly isPglite: boolean
}

/** A column as it stands in the database. */
export interface Column {
  readonly name: string
  /** PostgreSQL's own name: `text`, `timestamptz`, `int4`. */
  readonly type: string
}

/** One of Sisy's tables as it stands in the database. */
export interface TableInspection {
  /** Name without schema and quotes. */
  readonly name: string
  /** Empty when there is no such table. */
  readonly columns: readonly Column[]
  /** Names of its valid indexes. */
  readonly indexes: readonly string[]
  /** Which of SELECT, INSERT, UPDATE and DELETE the user may not do. */
  readonly missingRights: readonly string[]
}

/** A path that rows name and nobody has registered. */
export interface UnknownCallable {
  readonly callable: string
  /** Tasks that name it and have not ended. */
  readonly tasks: number
  /** Unfinished runs that name it. */
  readonly runs: number
}

/** A schedule that names seconds. */
export interface ScheduleWithSeconds {
  readonly schedule: string
  /** Tasks that have it and have not ended. */
  readonly tasks: number
}

/** A task that is left out until it is edited. */
export interface TaskProblem {
  readonly id: string
  readonly label: string
  readonly problem: string
}

/** Work that waits because nobody is there to do it. */
export interface NeglectedWork {
  /** Tasks have waited too long for a heartbeat. */
  readonly tasks: boolean
  /** Runs have been due for too long, and no worker was seen meanwhile. */
  readonly runs: boolean
}

/** Questions about the database itself, for those who check it before it is used. */
export interface Inspector {
  /** What the server is. Ask this first: it fails when the database cannot be reached. */
  readServerVersion(): Promise<ServerVersion>
  /** What stands in the database of Sisy's tables. Only reads the catalogue. */
  inspectTables(): Promise<TableInspection[]>
  /** Callables that tasks or unfinished runs name and that are not among `known`. Reads every task. */
  countUnknownCallables(known: readonly string[]): Promise<UnknownCallable[]>
  /** Schedules of six fields, as they are written. Reads every task. */
  countSchedulesWithSeconds(): Promise<ScheduleWithSeconds[]>
  /** The first tasks that cannot be planned. Reads every task. */
  listProblems(limit: number): Promise<TaskProblem[]>
  /** Whether work waits for a heartbeat or a worker for longer than these show themselves, milliseconds. */
  findNeglected(within: {
    readonly stampedWithinMs: number
    readonly seenWithinMs: number
  }): Promise<NeglectedWork>
}
