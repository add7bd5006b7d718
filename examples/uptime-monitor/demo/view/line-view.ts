import type { Writable } from 'node:stream'
import { describeRun, type RunDescription } from './describe-run.js'
import { timeOfDay } from './describe-time.js'
import { tally } from './tally.js'
import type { View } from './view.js'

const TALLY_EVERY_MS = 5000

/** For a file or a pipe: one line per run that ended or is tried again, and a tally every few seconds. */
export function lineView(stream: Writable): View {
  const write = (line: string) => stream.write(`${line}\n`)
  let told = new Set<string>()
  let tallyAt = 0
  return {
    show: (snapshot) => {
      const { now, ended, unfinished } = snapshot
      const retries = unfinished.filter(({ state, attempt }) => state === 'scheduled' && attempt > 0)
      const news = [...retries, ...ended.toReversed()]
      const keyOf = ({ id, state, attempt }: (typeof news)[number]) => `${id} ${state} ${attempt}`
      for (const run of news) if (!told.has(keyOf(run))) write(lineOf(describeRun(run, now)))
      told = new Set(news.map(keyOf))
      if (now.getTime() < tallyAt) return
      tallyAt = now.getTime() + TALLY_EVERY_MS
      write(`${timeOfDay(now)}  ${tally(snapshot)}`)
    },
    notice: (text) => write(`! ${text}`),
    end: () => {},
  }
}

function lineOf({ word, at, label, took, detail }: RunDescription): string {
  return `${timeOfDay(at)}  ${word.padEnd(7)}  ${label.padEnd(30)}  ${took.padStart(6)}  ${detail}`.trimEnd()
}
