import {
  checkTimezone,
  defaultHeartbeatFrequency,
  explainedRuns,
  frequencyWarning,
  type ExplainedRun,
} from '@sisy/core/internal'
import { describeSchedule } from '../next/describe-schedule.js'
import { readAfter, readCount } from '../next/read-flags.js'
import { showRun } from '../next/show-run.js'

/** Which schedule to show, and how. */
export interface NextOptions {
  readonly schedule: string
  /** IANA name of its zone. */
  readonly timezone: string
  /** How many runs to show. */
  readonly count: string
  /** ISO date to look from. Default: `now`. */
  readonly after?: string
  /** Prints JSON, for programs. */
  readonly json?: true
  readonly now: Date
  readonly print: (line: string) => void
}

/**
 * Shows what a schedule will do.
 *
 * @throws InvalidScheduleError, InvalidTimezoneError, and ConfigError for a bad flag.
 */
export function next({ schedule, timezone, count, after, json, now, print }: NextOptions): void {
  checkTimezone(timezone)
  const shown: Shown = {
    schedule,
    timezone,
    words: describeSchedule(schedule),
    runs: explainedRuns(schedule, {
      timezone,
      count: readCount(count),
      after: after === undefined ? now : readAfter(after, timezone),
    }),
    warning: frequencyWarning(schedule, defaultHeartbeatFrequency * 1000),
  }
  if (json === true) print(JSON.stringify(asJson(shown), null, 2))
  else for (const line of asText(shown)) print(line)
}

interface Shown {
  readonly schedule: string
  readonly timezone: string
  readonly words: string
  readonly runs: readonly ExplainedRun[]
  readonly warning: string | null
}

function asText({ schedule, timezone, words, runs, warning }: Shown): string[] {
  return [
    `${schedule}   ${timezone}`,
    words,
    '',
    ...(runs.length === 0 ? ['No run before the year 10000.'] : runs.map(showRun)),
    ...(warning === null ? [] : ['', `With the heartbeat's default period: ${warning}`]),
  ]
}

function asJson({ runs, ...others }: Shown): object {
  return {
    ...others,
    runs: runs.map(({ instant, ...run }) => ({ utc: instant, ...run })),
  }
}
