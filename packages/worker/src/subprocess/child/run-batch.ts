import type { SentRun, ToChild } from '../channel/messages.js'

/** Runs for one child that begin in the same turn of the event loop: one message for all, for it costs more than most runs. */
export interface RunBatch {
  /** @param onRefused is told why the run cannot be sent at all. */
  add(run: SentRun, onRefused: (error: Error) => void): void
  /** Sends those at once, since something else is to follow them. */
  flush(): void
}

/** @param send sends a message. @returns why it cannot be sent at all; null normally. */
export function createRunBatch(send: (message: ToChild) => Error | null): RunBatch {
  let batch: { readonly run: SentRun; readonly onRefused: (error: Error) => void }[] = []

  function flush(): void {
    const sent = batch
    batch = []
    if (sent.length === 0 || sendAll(sent) === null) return
    // One of them is too long to be sent: by itself it is told so.
    for (const entry of sent) {
      const error = sendAll([entry])
      if (error !== null) entry.onRefused(error)
    }
  }

  function sendAll(entries: typeof batch): Error | null {
    return send({ kind: 'run', runs: entries.map(({ run }) => run) })
  }

  return {
    add: (run, onRefused) => {
      batch.push({ run, onRefused })
      if (batch.length === 1) setImmediate(flush)
    },
    flush,
  }
}
