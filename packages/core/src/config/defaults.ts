import { availableParallelism } from 'node:os'

/** Seconds between two ticks of the heartbeat. */
export const defaultHeartbeatFrequency = 60
/** Schedule of a task that gives none: every minute. */
export const defaultTaskSchedule = '* * * * *'
/** Time zone of a task that gives none. */
export const defaultTimezone = 'UTC'
/** Child processes of a worker: one for each CPU it may use. */
export const defaultProcesses = () => Math.min(availableParallelism(), 256)
/** Runs executed at once, in one child process or in the worker's own. */
export const defaultConcurrency = (place: 'child' | 'inline') => (place === 'inline' ? 10 : 1)
/** Bytes above which a child process is replaced between two runs; null means it is not. */
export const defaultRecycleMemory = (maxMemory: number | null) =>
  maxMemory === null ? null : Math.floor(maxMemory * 0.8)
/** Milliseconds between two looks at the memory of a child process. */
export const defaultMemoryCheckIntervalMs = 1_000
/** Seconds a claim is owned without renewal. */
export const defaultLeaseSeconds = 60
/** Seconds between two looks for work, which find little while wake-ups are heard. */
export const defaultPollSeconds = (hears: 'listening' | 'deaf', leaseSeconds: number) =>
  hears === 'listening' ? Math.min(5, leaseSeconds / 2) : 2
/** Seconds that running runs may go on after a signal to stop. */
export const defaultDrainSeconds = 20
/** Seconds that an aborted run may take to end. */
export const defaultGraceSeconds = 5
/** Address that metrics are served at. */
export const defaultMetricsHost = '127.0.0.1'
/** Days a succeeded run is kept. */
export const defaultSucceededDays = 1
/** Days a failed or cancelled run is kept. */
export const defaultFailedDays = 14
/** How much is logged. */
export const defaultLogLevel = 'info'
