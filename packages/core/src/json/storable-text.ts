/** A text as PostgreSQL takes it: NUL and halves of a surrogate pair become characters that show where they were. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\u2400').toWellFormed()
}
