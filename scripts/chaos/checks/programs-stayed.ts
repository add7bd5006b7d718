import { findingOf, type Finding } from '../../endurance/finding.js'
import type { History } from '../history/history.js'

/** Whether no worker and no heartbeat ended by itself. */
export function programsStayed({ desertions }: History): Finding {
  return findingOf(
    'No worker and no heartbeat ended by itself',
    desertions.map(
      ({ program, how, at }) => `${program} ended by itself with ${how}, at ${new Date(at).toISOString()}`,
    ),
  )
}
