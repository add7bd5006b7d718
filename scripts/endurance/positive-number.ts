/** The number that an option of the command line gives. @throws Error for a text that is no number above 0. */
export function positiveNumber(option: string, text: string): number {
  const number = Number(text)
  if (number > 0 && Number.isFinite(number)) return number
  throw new Error(`${option} must be a number above 0, got '${text}'.`)
}
