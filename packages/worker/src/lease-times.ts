// Moments of a lease by the worker's own monotonic time, counted from before the claim or renewal was sent, so that each
// comes before the database's end of the lease.

/** A worker stops a run by itself when this much of the lease is over. */
const givenUpShare = 0.9
/** Nothing of the run is left in a child process when this much more is over. */
const childEndShare = 0.05

/** When a worker gives up a run whose lease was asked for at a moment. All in milliseconds. */
export function giveUpAt(askedAt: number, leaseMs: number): number {
  return askedAt + leaseMs * givenUpShare
}

/** Until when the child process of a run may live that is given up at a moment. All in milliseconds. */
export function childEndAt(givenUpAt: number, leaseMs: number): number {
  return givenUpAt + leaseMs * childEndShare
}
