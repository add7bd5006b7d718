/** What is known of a site. One failed check may be chance: the second in a row is an outage. */
export type SiteState = 'unknown' | 'up' | 'failing' | 'down'

const FAILURES_OF_AN_OUTAGE = 2

/** The state of a site after a check, by its failed checks in a row. */
export function stateAfter(failures: number): SiteState {
  if (failures === 0) return 'up'
  return failures < FAILURES_OF_AN_OUTAGE ? 'failing' : 'down'
}
