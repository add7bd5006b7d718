import type { NextTime } from './cron-calendar.js'

/** How many periods back the dropping of too near instants is followed; past that it starts afresh. */
const MAX_PERIODS = 1000

/**
 * The latest of the instants from `oldest`, itself one, to `limit` (exclusive), where an instant nearer than one period
 * to the one before it does not count. Found by halving, so an outage of months costs no more than one of hours.
 */
export function latestBefore(next: NextTime, oldest: number, limit: number, periodMs: number): number {
  const latest = latestOfAll(next, oldest, limit)
  const nearest = next(latest - periodMs)
  if (nearest >= latest) return latest

  const start = latest - MAX_PERIODS * periodMs
  let instant = start <= oldest ? oldest : next(start)
  let following = next(instant + periodMs - 1)
  while (following < limit) {
    instant = following
    following = next(instant + periodMs - 1)
  }
  return instant
}

/** Instants are whole seconds, so a second is near enough. */
function latestOfAll(next: NextTime, oldest: number, limit: number): number {
  let low = oldest
  if (next(low) >= limit) return oldest
  let high = limit
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2)
    if (next(middle) < limit) low = middle
    else high = middle
  }
  return next(low)
}
