/** One line, or several if a bracket spans them, in a block of a Prisma schema, with the comment above it. */
export interface Member {
  /** Name of the field or setting; of an attribute its text without spaces, `@@index([a,b])`; of a comment its text. */
  readonly name: string
  /** As it was written, comment included. */
  readonly text: string
  /** The same on one line, without comments and superfluous spaces; two members that mean the same have the same. */
  readonly meaning: string
}

/** A `model`, `enum`, `datasource` … of a Prisma schema. */
export interface Block {
  readonly kind: string
  readonly name: string
  readonly members: readonly Member[]
  /** Where its first character stands in the text, the comment above not counted. */
  readonly start: number
  /** Where the text goes on after its closing bracket. */
  readonly end: number
}

const header = /^\s*(model|view|type|enum|datasource|generator)\s+(\w+)\s*\{/

/**
 * The blocks of a Prisma schema. Reads no more of the language than where blocks and their members begin and end, so
 * that what later versions of Prisma add to it stays harmless.
 */
export function readBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let open: { kind: string; name: string; start: number; body: string[] } | undefined
  let offset = 0
  const lines = text.split('\n')
  for (const [index, bare] of withoutBlockComments(text).split('\n').entries()) {
    const line = lines[index] ?? ''
    const begin = open === undefined ? header.exec(bare) : null
    if (begin !== null) {
      open = { kind: begin[1] ?? '', name: begin[2] ?? '', start: offset + bare.search(/\S/), body: [] }
    } else if (open !== undefined && bare.trimStart().startsWith('}')) {
      const { body, ...rest } = open
      blocks.push({ ...rest, members: readMembers(body), end: offset + bare.indexOf('}') + 1 })
      open = undefined
    } else {
      open?.body.push(line)
    }
    offset += line.length + 1
  }
  return blocks
}

function readMembers(lines: readonly string[]): Member[] {
  const members: Member[] = []
  let pending: string[] = []
  for (const line of lines) {
    if (line.trim() === '') continue
    pending.push(line)
    const meaning = meaningOf(pending)
    if (meaning === '' || isOpen(meaning)) continue
    const name = meaning.startsWith('@@')
      ? meaning.replaceAll(' ', '')
      : (/^\w+/.exec(meaning)?.[0] ?? meaning)
    members.push({ name, text: pending.join('\n'), meaning })
    pending = []
  }
  const comment = pending.join('\n')
  return pending.length === 0 ? members : [...members, { name: comment, text: comment, meaning: '' }]
}

// Strings first, so that what looks like a comment or a bracket in one is none.
const stringOrComment = /("(?:[^"\\]|\\.)*")|\/\/.*$|\/\*[^]*?\*\//gm

/** The same text, with spaces for block comments, so that everything stands where it stood. */
function withoutBlockComments(text: string): string {
  return text.replace(stringOrComment, (match) =>
    match.startsWith('/*') ? match.replace(/[^\n]/g, ' ') : match,
  )
}

function meaningOf(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(stringOrComment, (_, string: string | undefined) => string ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Whether a bracket or a block comment goes on in the next line. */
function isOpen(meaning: string): boolean {
  const bare = meaning.replace(stringOrComment, '')
  return bare.includes('/*') || bare.split(/[([]/).length > bare.split(/[)\]]/).length
}
