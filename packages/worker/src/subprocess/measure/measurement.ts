/** What a process uses, seen from outside. */
export interface Measurement {
  /** Resident memory now, bytes. */
  readonly residentBytes: number
  /** Highest resident memory ever, bytes; null where the system does not tell. */
  readonly peakBytes: number | null
  /** CPU time so far, user and system, milliseconds. */
  readonly cpuMs: number
}
