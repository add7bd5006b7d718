import type { NeglectedWork } from '@sisy/core/internal'
import { hint, type Finding } from './finding.js'

/** Tells of work that waits because nobody is there to do it. */
export function checkProcesses({ tasks, runs }: NeglectedWork): Finding[] {
  return [
    ...(tasks
      ? [
          hint(
            'Tasks have waited to be planned or stamped for too long: no heartbeat seems to run. Start npx sisy-heartbeat.',
          ),
        ]
      : []),
    ...(runs ? [hint('Runs are due, and no worker has been seen for a while. Start npx sisy-worker.')] : []),
  ]
}
