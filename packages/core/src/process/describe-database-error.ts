import { databaseEvidence, type DatabaseEvidence } from '../errors/database-evidence.js'
import { DatabaseError } from '../errors/errors.js'

/** What is told of one kind of failure. */
type Sentence = (evidence: DatabaseEvidence) => string

const connectionString = 'the connection string (usually DATABASE_URL)'
const migrate = 'Run npx sisy init, then npx prisma migrate dev (npx prisma migrate deploy in production).'

const unreachable: Sentence = ({ host }) =>
  `The database${host === undefined ? '' : ` at ${host}`} cannot be reached. Start it, or correct ${connectionString}.`
const missingDatabase: Sentence = ({ database }) =>
  `The database${quoted(database)} does not exist on this server. Create it, or correct ${connectionString}.`
const refused: Sentence = () =>
  `The database refused the user name or the password. Correct ${connectionString}; where it is not set, this system's user was tried.`
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
const readOnly: Sentence = () =>
  `The database takes no writes: it is read-only, as a standby is. Make ${connectionString} lead to the primary, or wait until this one is it.`
const diskFull: Sentence = () => 'The disk of the database is full. Make room on its server.'
const outOfMemory: Sentence = () =>
  'The database has run out of memory. Lower its work_mem or max_connections, or give its server more.'
const stopped: Sentence = () =>
  'The database stopped a statement that took longer than statement_timeout, or that somebody cancelled. Raise statement_timeout for this user, or find out what slows the database down.'
const locked: Sentence = () =>
  'Another transaction held a row for longer than lock_timeout allows. Look for one that is kept open: SELECT * FROM pg_stat_activity.'
const conflict: Sentence = () =>
  'The statement was in conflict with another transaction (a deadlock or a serialization failure) and was undone. It can be tried again.'
const noneFree: Sentence = () =>
  "No connection of the client's pool became free in time. Make the pool larger, or look for transactions that are kept open."
const unanswered: Sentence = ({ host }) =>
  `The database${host === undefined ? '' : ` at ${host}`} did not answer in the time the client allows. Look at its load and at the network.`

/** Why Node trusts no certificate, or finds it to be another's: its documentation of `tls`, "X509 certificate error codes". */
const certificateErrors = [
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'CERT_CHAIN_TOO_LONG', 'INVALID_CA'],
  ...['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED', 'CERT_REVOKED', 'CERT_UNTRUSTED', 'CERT_REJECTED'],
  ...['INVALID_PURPOSE', 'HOSTNAME_MISMATCH', 'ERR_TLS_CERT_ALTNAME_FORMAT', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ...['CERT_SIGNATURE_FAILURE', 'UNABLE_TO_DECRYPT_CERT_SIGNATURE', 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY'],
  ...['ERROR_IN_CERT_NOT_BEFORE_FIELD', 'ERROR_IN_CERT_NOT_AFTER_FIELD'],
  ...['UNABLE_TO_GET_CRL', 'UNABLE_TO_DECRYPT_CRL_SIGNATURE', 'CRL_SIGNATURE_FAILURE', 'CRL_NOT_YET_VALID'],
  ...['CRL_HAS_EXPIRED', 'ERROR_IN_CRL_LAST_UPDATE_FIELD', 'ERROR_IN_CRL_NEXT_UPDATE_FIELD'],
]

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
  ...named(tls, 'TlsConnectionError', 'P1011', ...certificateErrors),
  ...named(readOnly, '25006'),
  ...named(diskFull, '53100'),
  ...named(outOfMemory, '53200'),
  ...named(stopped, '57014'),
  ...named(locked, '55P03'),
  ...named(conflict, '40001', '40P01', 'TransactionWriteConflict', 'P2034'),
  ...named(noneFree, 'P2024'),
  ...named(unanswered, 'QueryReadTimeout'),
  ...named(
    interrupted,
    'ConnectionClosed',
    'P1017',
    'ECONNRESET',
    'EPIPE',
    '57P01',
    '57P02',
    '57P03',
    '57P05',
    '25P03',
    '08006',
    '08003',
    // What pgbouncer says when its server is away, or it has none free.
    '08P01',
  ),
}

/**
 * One clear line for an error of the database or of the connection to it, as Prisma, its driver adapter or the driver
 * throws it; undefined when the error is of no kind known here. The error itself becomes the `cause`.
 */
export function describeDatabaseError(thrown: unknown): DatabaseError | undefined {
  if (thrown instanceof DatabaseError) return thrown
  const evidence = databaseEvidence(thrown)
  const sentence = evidence.codes.map((code) => sentences[code]).find((known) => known !== undefined)
  if (sentence === undefined) return undefined
  const { host, database } = evidence
  const facts = database === undefined && host === undefined ? {} : { database: database ?? host ?? '' }
  return new DatabaseError(sentence(evidence), facts, { cause: thrown })
}

/** What goes by itself, or by what somebody does at the server. */
const passing: readonly (Sentence | undefined)[] = [
  ...[unreachable, crowded, interrupted, unanswered, noneFree],
  ...[readOnly, diskFull, outOfMemory, stopped, locked, conflict],
]

/** Whether what was thrown may go by without anything being corrected, so that it helps to try again. */
export function mayPass(thrown: unknown): boolean {
  return databaseEvidence(thrown).codes.some((code) => passing.includes(sentences[code]))
}

function named(sentence: Sentence, ...codes: string[]): Record<string, Sentence> {
  return Object.fromEntries(codes.map((code) => [code, sentence]))
}

const quoted = (name: string | undefined) => (name === undefined ? '' : ` "${name}"`)
