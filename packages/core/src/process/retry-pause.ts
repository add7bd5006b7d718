const firstPauseMs = 250
const longestPauseMs = 2_500

/**
 * How long to wait before something that failed is tried again: twice as long each time, from a quarter of a second to
 * two and a half, less up to half of it by chance. So processes in the same trouble spread, a server that is away is
 * asked less than once a second by each, and one that is back is noticed at once.
 *
 * @param failures in a row so far, at least 1.
 * @param random between 0 and 1.
 * @returns milliseconds.
 */
export function retryPause(failures: number, random: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1)) * (0.5 + random / 2)
}
