/** A connection string, or the settings a database's own client takes. */
export type ListenConnection = string | object

export interface ConnectOptions {
  readonly connection: ListenConnection
  readonly channels: readonly string[]
  readonly onMessage: (channel: string, payload: string) => void
  /** The connection is gone; called at most once, and not after `close()`. */
  readonly onLost: (error?: Error) => void
}

export interface Connection {
  close(): Promise<void>
}
