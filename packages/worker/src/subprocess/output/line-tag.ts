// Output has another way to go than messages, and may arrive after the end of its run, so each line says whose it is.

const opening = '\u001e'
const closing = '\u001f'

/** The run that a line belongs to. */
export interface LineOwner {
  readonly run: number
  readonly name: string
}

/** What stands at the beginning of each line of a run, on its way to the supervisor. */
export function lineTag({ run, name }: LineOwner): string {
  return `${opening}${run} ${inOneLine(name)}${closing}`
}

/** What stands in front of a line when the supervisor writes it. */
export function linePrefix(name: string): string {
  return `[${inOneLine(name)}] `
}

/** Takes the tag off a line; `owner` is null when it bears none. */
export function readTaggedLine(line: string): { readonly owner: LineOwner | null; readonly text: string } {
  const end = line.startsWith(opening) ? line.indexOf(closing) : -1
  if (end < 0) return { owner: null, text: line }
  const space = line.indexOf(' ')
  return {
    owner: { run: Number(line.slice(1, space)), name: line.slice(space + 1, end) },
    text: line.slice(end + 1),
  }
}

/** A name must break neither a line nor its tag. */
function inOneLine(name: string): string {
  return name.replace(/[\u0000-\u001f\u007f]/g, ' ')
}
