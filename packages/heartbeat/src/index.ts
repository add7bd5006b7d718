export { createHeartbeat, type Heartbeat } from './create-heartbeat.js'
export type { HeartbeatOptions } from './heartbeat-options.js'
export type { TickReport } from './tick.js'
