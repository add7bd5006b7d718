/** What a process wants a client for, so that its connection pool can be sized. */
export interface ClientContext {
  /** `supervisor` stamps, claims and renews; a `child` runs callables only. */
  readonly role: 'supervisor' | 'child'
  /** How many callables run on this client at once. */
  readonly concurrency: number
}

/** As much of a Prisma client as its types tell here; that it carries the plugin is checked when it is opened. */
export interface SomeClient {
  $disconnect(): Promise<void>
}

/** A client with the plugin, and how to end it. */
export interface ClosableClient {
  readonly prisma: SomeClient
  /** Called once, when the process ends. */
  readonly close: () => unknown
}

/** A function that makes the client a process asks for. */
export type ClientFactory = (
  context: ClientContext,
) => SomeClient | ClosableClient | Promise<SomeClient | ClosableClient>

/** Where a process takes its Prisma client from: one made with the plugin, `{ prisma, close }`, or a function. */
export type PrismaSource = SomeClient | ClosableClient | ClientFactory
