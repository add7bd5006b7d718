/** Every second, which no task can keep up with: as fast as the heartbeat allows. The default of `runIterations`. */
export const everyHeartbeat = '* * * * * *'
