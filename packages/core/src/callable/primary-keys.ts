/** The primary key of a model. */
export interface PrimaryKey {
  /** Its fields, in their order. */
  readonly fields: readonly string[]
  /** What a `where` calls it: the field itself, or for several fields their `@@id` name. */
  readonly name: string
}

const text = '"(?:\\\\.|[^"\\\\])*"'
const commentOrText = new RegExp(`${text}|//.*|/\\*[^]*?\\*/`, 'g')
const modelBlock = new RegExp(`\\bmodel\\s+(\\w+)\\s*\\{((?:${text}|[^"}])*)\\}`, 'g')
const blockKey = new RegExp(`@@id\\s*\\(((?:${text}|\\((?:[^)])*\\)|[^()"])*)\\)`)
const fieldKey = /^\s*(\w+)\s[^"\n]*?(?:"(?:\\.|[^"\\])*"[^"\n]*?)*(?<!@)@id\b/m

/** The primary keys that a Prisma schema's text declares, by model. Models without `@id` or `@@id` are left out. */
export function readPrimaryKeys(schema: string): Map<string, PrimaryKey> {
  const keys = new Map<string, PrimaryKey>()
  const bare = schema.replace(commentOrText, (match) => (match.startsWith('"') ? match : ' '))
  for (const [, model = '', body = ''] of bare.matchAll(modelBlock)) {
    const key = readBlockKey(body) ?? readFieldKey(body)
    if (key !== undefined) keys.set(model, key)
  }
  return keys
}

/** The key that `where` takes when several fields have no name of their own. */
export function primaryKeyOf(fields: readonly string[], name = fields.join('_')): PrimaryKey {
  return { fields, name }
}

function readBlockKey(body: string): PrimaryKey | undefined {
  const given = blockKey.exec(body)?.[1]
  const list = given === undefined ? undefined : /\[([^\]]*)\]/.exec(given)?.[1]
  if (given === undefined || list === undefined) return undefined
  // A field may carry options: `name(sort: Desc)`.
  const fields = list.replace(/\([^)]*\)/g, '').match(/\w+/g)
  return fields === null ? undefined : primaryKeyOf(fields, /\bname\s*:\s*"([^"]*)"/.exec(given)?.[1])
}

function readFieldKey(body: string): PrimaryKey | undefined {
  const field = fieldKey.exec(body)?.[1]
  return field === undefined ? undefined : primaryKeyOf([field])
}
