/** Seconds between two ticks of the heartbeat. */
export const defaultHeartbeatFrequency = 60
/** Schedule of a task that gives none: every minute. */
export const defaultTaskSchedule = '* * * * *'
/** Time zone of a task that gives none. */
export const defaultTimezone = 'UTC'
/** Runs a worker executes at once. */
export const defaultConcurrency = 10
/** Seconds a claim is owned without renewal. */
export const defaultLeaseSeconds = 60
/** Seconds between two looks for work. */
export const defaultPollSeconds = 2
/** Seconds that running runs may go on after a signal to stop. */
export const defaultDrainSeconds = 20
/** Seconds that an aborted run may take to end. */
export const defaultGraceSeconds = 5
/** Days a succeeded run is kept. */
export const defaultSucceededDays = 1
/** Days a failed or cancelled run is kept. */
export const defaultFailedDays = 14
/** How much is logged. */
export const defaultLogLevel = 'info'
