import { describeRun, type RunDescription } from './describe-run.js'
import { describeTask } from './describe-task.js'
import { timeOfDay } from './describe-time.js'
import type { Paint, Style } from './paint.js'
import type { Snapshot } from './read-snapshot.js'
import { clip, table, type Cell } from './table.js'
import { tally } from './tally.js'

/** How the screen is to be filled. */
export interface ScreenOptions {
  readonly columns: number
  readonly rows: number
  readonly paint: Paint
  /** What the processes had to say, oldest first. */
  readonly notices: readonly string[]
}

const NOTICES = 3
const STATE_STYLES: Readonly<Record<string, Style>> = { up: 'green', failing: 'yellow', down: 'red' }
const WORD_STYLES: Readonly<Record<RunDescription['word'], Style>> = {
  due: 'cyan',
  running: 'cyan',
  waiting: 'dim',
  retry: 'yellow',
  done: 'green',
  failed: 'red',
  cancelled: 'yellow',
}

/** The whole view as text: the tasks, what is due and running, and what was done last. */
export function renderScreen(snapshot: Snapshot, options: ScreenOptions): string {
  const { columns, rows, paint, notices } = options
  const heading = (text: string) => paint('bold', clip(text, columns))
  const head = [
    heading(`Uptime monitor  ${timeOfDay(snapshot.now)}`) + paint('dim', '  Ctrl-C ends it'),
    '',
    ...table([TASK_HEADINGS, ...taskRows(snapshot)], columns, paint),
    '',
    heading(`Runs: ${tally(snapshot)}`),
  ]
  const warnings = notices.slice(-NOTICES).map((notice) => paint('yellow', clip(`! ${notice}`, columns)))
  const room = Math.max(3, rows - head.length - warnings.length - 1)
  const runs = [...snapshot.unfinished, ...snapshot.ended].slice(0, room)
  return [...head, ...table(runs.map(runRow(snapshot.now)), columns, paint), ...warnings].join('\n')
}

const TASK_HEADINGS: readonly Cell[] = ['TASK', 'SCHEDULE', 'ZONE', 'NEXT', 'SITE', 'LAST'].map((text) => ({
  text,
  style: 'dim',
}))

function taskRows(snapshot: Snapshot): Cell[][] {
  return snapshot.tasks.map((task) => {
    const { label, schedule, timezone, next, state, last } = describeTask(task, snapshot)
    const style = STATE_STYLES[state ?? ''] ?? 'dim'
    return [
      { text: label },
      { text: schedule },
      { text: timezone },
      { text: next },
      { text: state ?? '', style },
      { text: last, style },
    ]
  })
}

const runRow =
  (now: Date) =>
  (run: Snapshot['ended'][number]): Cell[] => {
    const { word, at, label, took, detail, isTrouble } = describeRun(run, now)
    return [
      { text: word, style: WORD_STYLES[word] },
      { text: timeOfDay(at), style: 'dim' },
      { text: label },
      { text: took.padStart(6) },
      { text: detail, style: isTrouble ? 'yellow' : 'dim' },
    ]
  }
