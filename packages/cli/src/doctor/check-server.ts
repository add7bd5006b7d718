import type { ServerVersion } from '@sisy/core/internal'
import { good, problem, type Finding } from './finding.js'

/** The first version whose `gen_random_uuid()` needs no extension. */
const oldestVersion = 13

/** Judges the database server. */
export function checkServer({ text, number, isPglite }: ServerVersion): Finding[] {
  if (isPglite) {
    return [
      problem(
        'The database is PGlite (prisma dev starts it too), which serves one process: with several, and the app is one, ' +
          'runs are lost or run twice. Use a PostgreSQL server, or run nothing but a single npx sisy-worker --heartbeat.',
      ),
    ]
  }
  const version = Math.floor(number / 10_000)
  if (version < oldestVersion) {
    return [problem(`The database is PostgreSQL ${version}. Upgrade it to ${oldestVersion} or later.`)]
  }
  return [good(`The database answers: ${text.split(' on ')[0]}.`)]
}
