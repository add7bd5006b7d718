/** A wall-clock minute, as its digits say. */
export interface WallMinute {
  readonly month: number
  readonly day: number
  readonly weekday: number
  readonly hour: number
  readonly minute: number
  readonly daysInMonth: number
}

export interface MatchedSchedule {
  readonly matches: (minute: WallMinute) => boolean
  readonly seconds: readonly number[]
  readonly everyHour: boolean
}

/** A minute as it went by: the instant, and the wall-clock times it skipped, oldest first. */
interface Tick {
  readonly instant: number
  readonly wall: WallMinute
  /** The same wall-clock time was there before. */
  readonly repeated: boolean
  readonly skipped: readonly WallMinute[]
}

const MINUTE = 60_000
const LOOK_BACK_MINUTES = 26 * 60

/** Every minute of some days as a zone's clocks show it, each read from `Intl` by itself. */
export function readClock(timezone: string, from: number, minutes: number): Tick[] {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  const ticks: Tick[] = []
  let newest = Infinity
  let previous = Infinity
  for (let i = -LOOK_BACK_MINUTES; i < minutes; i++) {
    const instant = from + i * MINUTE
    const wall = Date.parse(`${format.format(instant).replace(' ', 'T')}Z`)
    const skipped: WallMinute[] = []
    for (let missing = previous + MINUTE; missing < wall; missing += MINUTE) skipped.push(wallMinute(missing))
    ticks.push({
      instant,
      wall: wallMinute(wall),
      repeated: i > -LOOK_BACK_MINUTES && wall <= newest,
      skipped,
    })
    newest = i > -LOOK_BACK_MINUTES ? Math.max(newest, wall) : wall
    previous = wall
  }
  return ticks
}

/** Instants of a schedule after the given one, within the minutes read, found by trying every minute. */
export function bruteForce(
  schedule: MatchedSchedule,
  clock: readonly Tick[],
  after: number,
  count: number,
): number[] {
  const { matches, seconds, everyHour } = schedule
  const minutes = new Set<number>()
  for (const { instant, wall, repeated, skipped } of clock) {
    if ((everyHour || !repeated) && matches(wall)) minutes.add(instant)
    if (everyHour) continue
    skipped.forEach((missing, i) => {
      if (matches(missing)) minutes.add(instant + i * MINUTE)
    })
  }
  const end = (clock.at(-1)?.instant ?? 0) + MINUTE
  return [...minutes]
    .filter((minute) => minute > after - MINUTE && minute < end)
    .sort((a, b) => a - b)
    .slice(0, count + 1)
    .flatMap((minute) => seconds.map((second) => minute + second * 1000))
    .filter((instant) => instant > after)
    .slice(0, count)
}

export function wallMinute(wall: number): WallMinute {
  const date = new Date(wall)
  return {
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    daysInMonth: new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate(),
  }
}
