import type { NeglectedWork } from '@sisy/core/internal'
import { hint, type Finding } from './finding.js'

/** Tells of work that waits because nobody is there to do it. */
export function checkProcesses({ tasks, runs }: NeglectedWork): Finding[] {
  return [
    ...(tasks
      ? [
          hint(
            'Tasks have waited to be planned or stamped for too long. Start npx sisy-heartbeat; where one runs, its log says why.',
          ),
        ]
      : []),
    ...(runs ? [hint('Runs are due, and no worker has been seen for a while. Start npx sisy-worker.')] : []),
  ]
}
