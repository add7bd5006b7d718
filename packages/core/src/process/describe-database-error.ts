import { DatabaseError } from '../errors/errors.js'

/** What is told of one kind of failure. */
type Sentence = (evidence: Evidence) => string

/** What an error says in fields rather than in prose. */
interface Evidence {
  /** PostgreSQL's SQLSTATE, Node's system error, Prisma's code or the driver adapter's kind. */
  readonly codes: readonly string[]
  readonly host?: string
  readonly database?: string
  readonly table?: string
  readonly column?: string
}

const connectionString = 'the connection string (usually DATABASE_URL)'
const migrate = 'Run npx sisy init, then npx prisma migrate dev (npx prisma migrate deploy in production).'

const unreachable: Sentence = ({ host }) =>
  `The database${host === undefined ? '' : ` at ${host}`} cannot be reached. Start it, or correct ${connectionString}.`
const missingDatabase: Sentence = ({ database }) =>
  `The database${quoted(database)} does not exist on this server. Create it, or correct ${connectionString}.`
const refused: Sentence = () =>
  `The database refused the user name or the password. Correct ${connectionString}.`
const missingTable: Sentence = ({ table }) => `The table${quoted(table)} is not in the database. ${migrate}`
const missingColumn: Sentence = ({ column }) =>
  `The column${quoted(column)} is not in the database: its tables are of another version. ${migrate}`
const forbidden: Sentence = () =>
  'The database user lacks a right. Grant it SELECT, INSERT, UPDATE and DELETE on the sisy_ tables, and USAGE on their schema.'
const crowded: Sentence = () =>
  'The database takes no more connections. Make the pools of the app and its workers smaller, or its max_connections larger.'
const tls: Sentence = () =>
  `The database and this process agree on no TLS connection. Correct sslmode in ${connectionString}.`
const noUrl: Sentence = () =>
  `The database cannot be reached, since ${connectionString} is no URL. A password with / # ? @ or : in it must be percent-encoded.`
const interrupted: Sentence = ({ host }) =>
  `The database${host === undefined ? '' : ` at ${host}`} ended the connection, is starting up or is shutting down. Try again when it is up.`

const sentences: Readonly<Record<string, Sentence>> = {
  ...named(unreachable, 'DatabaseNotReachable', 'P1001', 'P1002', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'),
  ...named(unreachable, 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'SocketTimeout'),
  ...named(noUrl, 'ERR_INVALID_URL'),
  ...named(missingDatabase, 'DatabaseDoesNotExist', 'P1003', '3D000'),
  ...named(refused, 'AuthenticationFailed', 'DatabaseAccessDenied', 'P1000', 'P1010', '28P01', '28000'),
  ...named(missingTable, 'TableDoesNotExist', 'P2021', '42P01'),
  ...named(missingColumn, 'ColumnNotFound', 'P2022', '42703'),
  ...named(forbidden, '42501'),
  ...named(crowded, 'TooManyConnections', 'P2037', '53300'),
  ...named(tls, 'TlsConnectionError', 'P1011'),
  ...named(
    interrupted,
    'ConnectionClosed',
    'P1017',
    'ECONNRESET',
    '57P01',
    '57P02',
    '57P03',
    '08006',
    '08003',
  ),
}

/**
 * One clear line for an error of the database or of the connection to it, as Prisma, its driver adapter or the driver
 * throws it; undefined when the error is of no kind known here. The error itself becomes the `cause`.
 */
export function describeDatabaseError(thrown: unknown): DatabaseError | undefined {
  const evidence = gather(thrown)
  const sentence = evidence.codes.map((code) => sentences[code]).find((known) => known !== undefined)
  if (sentence === undefined) return undefined
  const { host, database } = evidence
  const facts = database === undefined && host === undefined ? {} : { database: database ?? host ?? '' }
  return new DatabaseError(sentence(evidence), facts, { cause: thrown })
}

/** Innermost first: what the driver says is nearer to the truth than what was made of it. */
function gather(thrown: unknown): Evidence {
  if (!isObject(thrown)) return { codes: [] }
  const inner = innerErrors(thrown).map(gather)
  return inner.reduce(
    (own, deeper) => ({ ...own, ...deeper, codes: [...deeper.codes, ...own.codes] }),
    ownEvidence(thrown),
  )
}

function ownEvidence(thrown: Record<string, unknown>): Evidence {
  const codes = ['originalCode', 'kind', 'code'].flatMap((field) => textsOf(thrown, field))
  const [host] = ['host', 'address', 'hostname'].flatMap((field) => textsOf(thrown, field))
  const [database] = textsOf(thrown, 'db')
  const [table] = textsOf(thrown, 'table')
  const [column] = textsOf(thrown, 'column')
  const port = typeof thrown['port'] === 'number' ? `:${thrown['port']}` : ''
  return {
    codes,
    ...(host === undefined ? {} : { host: `${host}${port}` }),
    ...(database === undefined ? {} : { database }),
    ...(table === undefined ? {} : { table }),
    ...(column === undefined ? {} : { column }),
  }
}

function innerErrors(thrown: Record<string, unknown>): unknown[] {
  const meta = isObject(thrown['meta']) ? thrown['meta'] : {}
  const several: unknown[] = Array.isArray(thrown['errors']) ? thrown['errors'] : []
  return [meta['driverAdapterError'], thrown['cause'], ...several]
}

function named(sentence: Sentence, ...codes: string[]): Record<string, Sentence> {
  return Object.fromEntries(codes.map((code) => [code, sentence]))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const textsOf = (value: Record<string, unknown>, field: string) => {
  const text = value[field]
  return typeof text === 'string' && text !== '' ? [text] : []
}
const quoted = (name: string | undefined) => (name === undefined ? '' : ` "${name}"`)
