import type { Snapshot } from './read-snapshot.js'

/** How many runs are where, in one line. */
export function tally({ counts }: Snapshot): string {
  const count = (state: string, word: string) => `${counts[state] ?? 0} ${word}`
  return [
    count('due', 'due'),
    count('running', 'running'),
    count('scheduled', 'waiting'),
    count('succeeded', 'done'),
    count('failed', 'failed'),
  ].join(', ')
}
