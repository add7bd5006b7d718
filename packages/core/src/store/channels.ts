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

const longestNameBytes = 63

/** What a channel's name may be, for messages. */
export const channelText = `a name of at most ${longestNameBytes} bytes`

/** Whether the database takes something as the name of a channel. */
export function isChannelName(name: unknown): name is string {
  return typeof name === 'string' && name !== '' && Buffer.byteLength(name) <= longestNameBytes
}
