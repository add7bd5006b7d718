/** Whether a moment that may never come has come. */
export function isPast(instant: Date | null, now: Date): boolean {
  return instant !== null && instant.getTime() <= now.getTime()
}
