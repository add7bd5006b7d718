/** Whether PostgreSQL takes a text neither as such nor in JSON: it knows neither NUL nor half of a surrogate pair. */
export function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed()
}
