/** What an error of the database, of its driver or of Prisma says in fields rather than in prose. */
export interface DatabaseEvidence {
  /** PostgreSQL's SQLSTATE, Node's system error, Prisma's code or the driver adapter's kind; the innermost first. */
  readonly codes: readonly string[]
  readonly host?: string
  readonly database?: string
  readonly table?: string
  readonly column?: string
}

/** Innermost first: what the driver says is nearer to the truth than what was made of it. */
export function databaseEvidence(thrown: unknown): DatabaseEvidence {
  if (!isObject(thrown)) return { codes: [] }
  return innerErrors(thrown)
    .map(databaseEvidence)
    .reduce(
      (own, deeper) => ({ ...own, ...deeper, codes: [...deeper.codes, ...own.codes] }),
      ownEvidence(thrown),
    )
}

/**
 * PostgreSQL's SQLSTATE in an error of the driver, of its adapter or of Prisma; undefined when the error is not the
 * database's answer.
 */
export function sqlState(thrown: unknown): string | undefined {
  if (!isObject(thrown)) return undefined
  const deeper = innerErrors(thrown)
    .map(sqlState)
    .find((state) => state !== undefined)
  if (deeper !== undefined) return deeper
  const [original] = textsOf(thrown, 'originalCode')
  // Node's and Prisma's codes look alike; only what the server sent has a severity.
  return original ?? ('severity' in thrown ? textsOf(thrown, 'code')[0] : undefined)
}

/** What the driver throws without a code, as the code it should have. */
const codeOfMessage: Readonly<Record<string, string>> = {
  'timeout exceeded when trying to connect': 'P2024',
  'Query read timeout': 'QueryReadTimeout',
  'Connection terminated': 'ConnectionClosed',
  'Connection terminated unexpectedly': 'ConnectionClosed',
  'Connection terminated due to connection timeout': 'DatabaseNotReachable',
  'Client has encountered a connection error and is not queryable': 'ConnectionClosed',
  'The server does not support SSL connections': 'TlsConnectionError',
  'There was an error establishing an SSL connection': 'TlsConnectionError',
}

function ownEvidence(thrown: Record<string, unknown>): DatabaseEvidence {
  const [message = ''] = textsOf(thrown, 'message')
  const given = ['originalCode', 'kind', 'code'].flatMap((field) => textsOf(thrown, field))
  const codes = given.length > 0 ? given : [codeOfMessage[message] ?? []].flat()
  const [host] = ['host', 'address', 'hostname'].flatMap((field) => textsOf(thrown, field))
  const [database = nameIn(message, 'database')] = textsOf(thrown, 'db')
  const [table = nameIn(message, 'relation')] = textsOf(thrown, 'table')
  const [column = nameIn(message, 'column')] = textsOf(thrown, 'column')
  const port = typeof thrown['port'] === 'number' ? `:${thrown['port']}` : ''
  return {
    codes,
    ...(host === undefined ? {} : { host: `${host}${port}` }),
    ...(database === undefined ? {} : { database }),
    ...(table === undefined ? {} : { table }),
    ...(column === undefined ? {} : { column }),
  }
}

/** The server names what it misses in its sentence alone. Of a server that speaks another language it stays unknown. */
function nameIn(message: string, what: 'database' | 'relation' | 'column'): string | undefined {
  return new RegExp(`^${what} "(.+?)" .*does not exist$`).exec(message)?.[1]
}

function innerErrors(thrown: Record<string, unknown>): unknown[] {
  const meta = isObject(thrown['meta']) ? thrown['meta'] : {}
  const several: unknown[] = Array.isArray(thrown['errors']) ? thrown['errors'] : []
  return [meta['driverAdapterError'], thrown['cause'], ...several]
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const textsOf = (value: Record<string, unknown>, field: string) => {
  const text = value[field]
  return typeof text === 'string' && text !== '' ? [text] : []
}
