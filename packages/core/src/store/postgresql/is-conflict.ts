import { sqlState } from '../../errors/database-evidence.js'

/** SQLSTATEs of a failed serialization and of a deadlock. */
const conflicts: readonly (string | undefined)[] = ['40001', '40P01']

/**
 * Whether PostgreSQL undid a statement only for what others did at the same moment, so that the same statement sent
 * again may succeed.
 */
export function isConflict(thrown: unknown): boolean {
  return conflicts.includes(sqlState(thrown))
}
