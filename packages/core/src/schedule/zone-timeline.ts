/**
 * A time during which a zone's clocks keep one offset. Instants are milliseconds since the epoch, offsets milliseconds
 * to add to an instant to get the wall-clock time.
 */
export interface Stretch {
  /** First instant. */
  readonly start: number
  /** First instant after it. */
  readonly end: number
  readonly offset: number
  /** How far clocks were moved at `start`: positive skips wall-clock times, negative repeats them, 0 changes nothing. */
  readonly shift: number
}

interface ClockChange {
  readonly at: number
  readonly before: number
  readonly after: number
}

/** Of all zones only America/Boa_Vista, in 2000, has changed its clocks twice within a week: after seven days. */
const LOOK_EVERY = 6 * 86_400_000

/**
 * The stretches of a zone, found when asked for and kept. A stretch may be cut short where nothing changes, but at
 * `start` only when that is at least a year before the instant asked for.
 */
export function createZoneTimeline(timezone: string): (instant: number) => Stretch {
  const offsetAt = createOffsetReader(timezone)
  const years = new Map<number, ClockChange[]>()
  let last: Stretch = { start: 0, end: 0, offset: 0, shift: 0 }

  const changesIn = (year: number): ClockChange[] => {
    const known = years.get(year)
    if (known) return known
    const changes = findChanges(offsetAt, Date.UTC(year, 0), Date.UTC(year + 1, 0))
    years.set(year, changes)
    return changes
  }

  return (instant) => {
    if (instant >= last.start && instant < last.end) return last
    const year = new Date(instant).getUTCFullYear()
    const changes = [...changesIn(year - 1), ...changesIn(year), ...changesIn(year + 1)]
    const begin = changes.findLast(({ at }) => at <= instant)
    const end = changes.find(({ at }) => at > instant)
    last = {
      start: begin?.at ?? Date.UTC(year - 1, 0),
      end: end?.at ?? Date.UTC(year + 2, 0),
      offset: begin?.after ?? offsetAt(instant),
      shift: begin ? begin.after - begin.before : 0,
    }
    return last
  }
}

function findChanges(offsetAt: (instant: number) => number, from: number, to: number): ClockChange[] {
  const changes: ClockChange[] = []
  let before = offsetAt(from)
  for (let low = from; low < to; low += LOOK_EVERY) {
    const high = Math.min(low + LOOK_EVERY, to)
    const after = offsetAt(high)
    if (after === before) continue
    changes.push({ at: bisect(low, high, (instant) => offsetAt(instant) === before), before, after })
    before = after
  }
  return changes
}

/** The first instant in (low, high] for which `holds`, true at `low`, is false. */
function bisect(low: number, high: number, holds: (instant: number) => boolean): number {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) low = middle
    else high = middle
  }
  return high
}

function createOffsetReader(timezone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instant) => {
    const [month = 1, day = 1, year = 0, hour = 0, minute = 0, second = 0] =
      format.format(instant).match(/\d+/g)?.map(Number) ?? []
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000
  }
}
