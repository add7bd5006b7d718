/** Names of the wake-up channels. */
export interface Channels {
  /** Tells heartbeats that something is planned sooner than they know. Default `sisy.heartbeat`. */
  readonly heartbeat: string
  /** Tells workers that runs are due; the payload is their queue. Default `sisy.run_task`. */
  readonly runTask: string
  /** Tells the holder of a run to end it; the payload is the run's id. Default `sisy.kill_task`. */
  readonly killTask: string
}

export const defaultChannels: Channels = {
  heartbeat: 'sisy.heartbeat',
  runTask: 'sisy.run_task',
  killTask: 'sisy.kill_task',
}
