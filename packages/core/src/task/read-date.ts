import { isValid } from 'date-fns/isValid'
import { parseISO } from 'date-fns/parseISO'
import { inspect, types } from 'node:util'
import { InvalidTaskError } from '../errors/errors.js'

const isoWithOffset = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)$/i

/**
 * The instant a date stands for: a `Date`, or an ISO 8601 string with `Z` or an offset. Without one a string would mean
 * another instant on another machine.
 *
 * @param field what the date is for, named in the error.
 * @throws {InvalidTaskError} for anything else, for dates that do not exist, and outside the years 1 to 9999.
 */
export function readDate(value: unknown, field: string): Date {
  const date = typeof value === 'string' && isoWithOffset.test(value) ? parseISO(value.toUpperCase()) : value
  if (!types.isDate(date) || !isValid(date)) {
    throw new InvalidTaskError(
      `${field} is ${inspect(value)}; give a Date, or an ISO string with an offset such as "2026-03-29T09:00:00+02:00"`,
      { field, value },
    )
  }
  const year = date.getUTCFullYear()
  if (year >= 1 && year <= 9999) return date
  // JavaScript and PostgreSQL write other years in different ways.
  throw new InvalidTaskError(`${field} is ${date.toISOString()}; give an instant in the years 1 to 9999`, {
    field,
    value,
  })
}
