import { largestStoredUserdata } from '../../json/check-userdata.js'

/** No compression makes it less than a 256th. */
const bestCompression = 256

/** PostgreSQL compresses nothing smaller, bytes. */
const uncompressed = 2_000

/**
 * Bytes of a column of userdata: written out, where it is stored in so many that compression may hide much; as it is
 * stored where that is little, or too much already. Neither of these is read for it.
 */
export function userdataSize(column: string, suspicious = uncompressed): string {
  return `CASE WHEN pg_column_size(${column}) BETWEEN ${suspicious} AND ${largestStoredUserdata}
    THEN octet_length(${column}::text) ELSE pg_column_size(${column}) END`
}

/** `userdata`, null when it is too large to be fetched, and `oversize`, its size then, else null. */
export function fetchedUserdata(column: string) {
  const suspicious = largestStoredUserdata / bestCompression
  const size = userdataSize(column, suspicious)
  // Nearly all are small, and looked at but once for each.
  return {
    userdata: `CASE WHEN pg_column_size(${column}) < ${suspicious} OR ${size} <= ${largestStoredUserdata} THEN ${column} END`,
    oversize: `CASE WHEN pg_column_size(${column}) >= ${suspicious} AND ${size} > ${largestStoredUserdata} THEN ${size} END`,
  }
}
