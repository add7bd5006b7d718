const digits = new Intl.NumberFormat('en-US', {
  maximumSignificantDigits: 3,
  maximumFractionDigits: 0,
  roundingPriority: 'morePrecision',
})

/** A number for people: whole, or of three digits when it is short. */
export function humanNumber(value: number): string {
  return digits.format(value)
}

/** Milliseconds for people: in seconds from one second on. */
export function humanDuration(ms: number): string {
  return ms < 1000 ? `${humanNumber(ms)} ms` : `${humanNumber(ms / 1000)} s`
}

/** Bytes for people, in MB of 1024 × 1024, as memory limits are given. */
export function humanBytes(bytes: number): string {
  return `${humanNumber(bytes / 1024 / 1024)} MB`
}
