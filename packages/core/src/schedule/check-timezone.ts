import { nearestName } from '../errors/did-you-mean.js'
import { InvalidTimezoneError } from '../errors/errors.js'

/**
 * Accepts the IANA names this Node knows, in any case, `UTC` and old names included.
 *
 * @throws {InvalidTimezoneError} for anything else, offsets such as `+02:00` included: an offset knows no summer time.
 */
export function checkTimezone(timezone: unknown): asserts timezone is string {
  if (typeof timezone === 'string' && isKnown(timezone)) return
  const shown = typeof timezone === 'string' ? `"${timezone}"` : String(timezone)
  const meant = typeof timezone === 'string' ? nearestTimezone(timezone) : undefined
  const mend =
    meant === undefined ? 'name a place such as "Europe/Madrid", or "UTC"' : `did you mean "${meant}"?`
  throw new InvalidTimezoneError(`timezone ${shown} is not an IANA time zone; ${mend}`, { timezone })
}

/** Every name starts with a letter; newer versions of Node take offsets, too. */
function isKnown(timezone: string): boolean {
  if (!/^[a-z]/i.test(timezone)) return false
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: timezone })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Compares with whole names, then with their last part, so that both "Europe/Madird" and "madrid" find theirs. */
function nearestTimezone(timezone: string): string | undefined {
  const names = [...Intl.supportedValuesOf('timeZone'), 'UTC']
  const whole = nearestName(timezone, names)
  if (whole !== undefined) return whole
  const places = names.map((name) => name.slice(name.lastIndexOf('/') + 1))
  const place = nearestName(timezone.slice(timezone.lastIndexOf('/') + 1), places)
  return place === undefined ? undefined : names[places.indexOf(place)]
}
