import { closest, distance } from 'fastest-levenshtein'

/**
 * The known name a mistyped one most likely meant, or undefined when none is near: at most two letters off, and fewer
 * than half of the name's letters.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const nearest = closest(
    name.toLowerCase(),
    known.map((candidate) => candidate.toLowerCase()),
  )
  const index = known.findIndex((candidate) => candidate.toLowerCase() === nearest)
  const letters = distance(name.toLowerCase(), nearest)
  return letters <= 2 && letters * 2 < name.length ? known[index] : undefined
}

/** ` Did you mean "…"?`, to be put behind a sentence; empty when no known name is near. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`
}
