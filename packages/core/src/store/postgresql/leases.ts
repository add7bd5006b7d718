import type { Lease } from '../store.js'

/**
 * Leases as two arrays to be bound as `$1::uuid[]` and `$2::uuid[]`, in id order, so that statements over several of
 * one worker's runs lock them in one order.
 */
export function leaseArrays(leases: readonly Lease[]): [ids: string[], tokens: string[]] {
  const sorted = leases.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return [sorted.map((lease) => lease.id), sorted.map((lease) => lease.leaseToken)]
}

/** The rows `given(id, token)` of `leaseArrays`. */
export const givenLeases = `unnest($1::uuid[], $2::uuid[]) AS given(id, token)`
