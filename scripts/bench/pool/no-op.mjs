/** A run that does nothing: what is measured is the way to it and back. */
export default function noOp() {
  return null
}
