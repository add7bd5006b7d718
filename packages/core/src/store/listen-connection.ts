/** A connection string, or the settings a database's own client takes. */
export type ListenConnection = string | object

export interface ConnectOptions {
  readonly connection: ListenConnection
  readonly channels: readonly string[]
  readonly onMessage: (channel: string, payload: string) => void
  /** The connection is gone; called at most once, not before it listens and not after `close()`. */
  readonly onLost: (error?: Error) => void
}

export interface Connection {
  /** Connects and listens. */
  listen(): Promise<void>
  /** Resolves when the database answers. */
  probe(): Promise<void>
  /** Ends it without waiting for anybody. What waits for it may wait for ever. */
  close(): void
}
