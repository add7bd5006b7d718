/**
 * A run that gives back what it was given.
 * @param {unknown} value
 */
export default function echo(value) {
  return value
}
