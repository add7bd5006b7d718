import type { Snapshot } from './read-snapshot.js'

/** Where snapshots are shown. */
export interface View {
  show(snapshot: Snapshot): void
  /** Tells something a process had to say. */
  notice(text: string): void
  /** Leaves the last picture standing. */
  end(): void
}
