import { sleep, type Clock } from '../clock/clock.js'

/** How long the last writes may take, milliseconds. */
const lastWritesMs = 2_000

/**
 * Waits for an ending that the database may hold up.
 *
 * @param ms how long the ending may take by itself, milliseconds.
 * @param hurry aborted to wait for the last writes only. Default: never.
 * @returns false when time was over: what is held is left to the rescue.
 */
export async function endsInTime(
  ending: Promise<void>,
  { clock, ms, hurry }: { readonly clock: Clock; readonly ms: number; readonly hurry?: AbortSignal },
): Promise<boolean> {
  const ended = new AbortController()
  const timeOver = sleep(
    clock,
    ms,
    AbortSignal.any(hurry === undefined ? [ended.signal] : [ended.signal, hurry]),
  ).then(() => sleep(clock, lastWritesMs, ended.signal))
  try {
    return await Promise.race([ending.then(() => true), timeOver.then(() => false)])
  } finally {
    ended.abort()
  }
}
