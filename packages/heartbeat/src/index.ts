export { createHeartbeat, type Heartbeat, type HeartbeatOptions } from './create-heartbeat.js'
export type { TickReport } from './tick.js'
