import { ConfigError, instantOfWallTime } from '@sisy/core/internal'

const mostRuns = 1000
const isoDate = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/i

/** @throws ConfigError for anything but a whole number from 1 to 1000. */
export function readCount(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= mostRuns) return count
  throw new ConfigError(`--count is "${text}"; give a whole number from 1 to ${mostRuns}.`, {
    setting: '--count',
    value: text,
  })
}

/**
 * The instant of an ISO date, with or without a time; without an offset it is read in the zone.
 *
 * @throws ConfigError for anything else, and for dates that do not exist.
 */
export function readAfter(text: string, timezone: string): Date {
  const [, day = '', time = '00:00', offset = ''] = isoDate.exec(text) ?? []
  const wallTime = Date.parse(`${day}T${time}Z`)
  // Date.parse takes 30 February for 2 March, and 24:00 for the day after.
  if (!Number.isNaN(wallTime) && new Date(wallTime).toISOString().startsWith(day)) {
    return offset === ''
      ? instantOfWallTime(wallTime, timezone)
      : new Date(`${day}T${time}${offset.toUpperCase()}`)
  }
  throw new ConfigError(
    `--after is "${text}"; give a date such as 2026-03-29 or 2026-03-29T02:00, read in the time zone, or an instant such as 2026-03-29T00:00:00Z.`,
    { setting: '--after', value: text },
  )
}
