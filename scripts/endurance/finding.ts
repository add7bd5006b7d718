/** What a check found. */
export interface Finding {
  /** `unknown` when it could not be told, which is no failure. */
  readonly verdict: 'ok' | 'FAILED' | 'unknown'
  /** What holds, or what does not, with figures. */
  readonly text: string
}

/** A finding of faults: fails when there is any, and tells the first ones. */
export function findingOf(text: string, faults: readonly string[]): Finding {
  if (faults.length === 0) return { verdict: 'ok', text }
  const shown = faults.slice(0, mostShown).map((fault) => `\n          ${fault}`)
  const rest = faults.length > mostShown ? `\n          and ${faults.length - mostShown} more` : ''
  return { verdict: 'FAILED', text: `${text}; ${faults.length} not so:${shown.join('')}${rest}` }
}

const mostShown = 10
