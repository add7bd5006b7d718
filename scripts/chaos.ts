// The promise, held through every fault: workers and heartbeats are killed, frozen and cut off, PostgreSQL is restarted
// under them, and at the end an audit of every row's every change must show that nothing was lost and nothing doubled.
// Ends with 0 only if all holds.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeMachine } from './bench/machine.js'
import { checkHistory } from './chaos/checks/check-history.js'
import { falsifiedHistories } from './chaos/checks/falsified.js'
import { allFaults } from './chaos/faults/all-faults.js'
import type { Fault } from './chaos/faults/fault.js'
import { injectFaults } from './chaos/faults/inject-faults.js'
import { historyOf } from './chaos/history/history.js'
import { readChanges, readNotes } from './chaos/history/read-records.js'
import { aftermathsOf } from './chaos/history/recovery.js'
import { produce } from './chaos/load/produce.js'
import { planFaults } from './chaos/plan/plan-faults.js'
import { readOptions } from './chaos/read-options.js'
import { asMarkdown, asText, faultTable } from './chaos/report/fault-table.js'
import { reportProgress } from './chaos/report/report-progress.js'
import { drained } from './chaos/stage/drained.js'
import { openStage, type Stage } from './chaos/stage/open-stage.js'
import { findingOf, type Finding } from './endurance/finding.js'
import { nothingLeft } from './endurance/nothing-left.js'
import { readOrTell } from './endurance/read-or-tell.js'

/** Programs start, and do some work, before the first fault. */
const warmUpMs = 8_000
/** Between two injections; in a quick run less, so that each fault fits in once. */
const gapMs = 5_400
const quickGapMs = 3_000
/** How long the quiet end may take in which everything must drain. */
const mostDrainMs = 60_000
const reportEveryMs = 10_000

const usage = 'pnpm chaos [--minutes 30 | --quick] [--seed N] [--markdown FILE] [--only FAULT,…]'
const { minutes, seed, markdown, only } = readOrTell(usage, readOptions)
const logs = mkdtempSync(path.join(tmpdir(), 'sisy-chaos-'))
const marker = { SISY_CHAOS: randomUUID() }
const over = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => over.abort(signal))

const findings = await chaos()
for (const { verdict, text } of findings) console.log(`${verdict.padEnd(8)}${text}.`)
const holds = findings.every(({ verdict }) => verdict !== 'FAILED')
if (holds) rmSync(logs, { recursive: true })
console.log(
  holds
    ? `\nThe promise holds, with seed ${seed}.`
    : `\nThe promise is BROKEN, with seed ${seed}. All logs are in ${logs}`,
)
// What the load left under way is not waited for.
process.exit(holds ? 0 : 1)

async function chaos(): Promise<Finding[]> {
  console.log(`${describeMachine()}\n`)
  await using stage = await openStage({ logs, marker })
  const faults = allFaults.filter((fault) => isWanted(fault, stage))
  const plan = planFaults({ seed, faults: faults.map(({ name }) => name), ...lengthFor(faults.length) })
  console.log(`${plan.length} faults of ${faults.length} kinds, with seed ${seed}. Logs are in ${logs}\n`)
  const producing = produce(stage, { seed, signal: over.signal })
  const reporting = report(stage)
  await sleep(warmUpMs, undefined, { signal: over.signal }).catch(() => {})
  const injections = await injectFaults(stage, {
    plan,
    faults,
    signal: over.signal,
    onInjected: () => {
      reporting.injected += 1
    },
  })
  over.abort('the plan is done')
  const book = await producing
  const left = await drained(stage, mostDrainMs)
  reporting.stop()
  const ends = await Promise.all(
    stage.programs.map(async (program) => ({ name: program.label(), how: await program.stop() })),
  )
  const records = {
    changes: await readChanges(stage.database),
    notes: await readNotes(stage.database),
    injections,
    book,
    desertions: stage.programs.flatMap(({ desertions }) => desertions),
  }
  writeFileSync(
    path.join(logs, 'records.json'),
    JSON.stringify(records, (_, value: unknown) => asPlain(value)),
  )
  const history = historyOf(records)
  const aftermaths = aftermathsOf(history)
  const table = faultTable(faults, history, aftermaths)
  if (markdown !== null) writeFileSync(markdown, asMarkdown(table))
  console.log(`\n${asText(table)}\n`)
  return [
    findingOf('Everything drained in the quiet end', left === 0 ? [] : [`${left} runs and tasks are left`]),
    ...checkHistory(history, aftermaths),
    falsifiedHistories(records),
    endedInOrder(ends),
    nothingLeft({
      marker: `SISY_CHAOS=${marker.SISY_CHAOS}`,
      parents: stage.programs.flatMap(({ pids }) => pids),
    }),
  ]
}

function isWanted({ name, reach }: Fault, { pooler }: Stage): boolean {
  if (reach === 'pooler' && pooler === null) console.log(`Without pgbouncer there is no '${name}'.`)
  return (
    (only === null || only.some((part) => name.includes(part))) && (reach !== 'pooler' || pooler !== null)
  )
}

/** How often each fault comes, and how fast. */
function lengthFor(faults: number): { rounds: number; gapMs: number } {
  if (minutes === 'quick') return { rounds: 1, gapMs: quickGapMs }
  return { rounds: Math.max(1, Math.floor((minutes * 60_000 - mostDrainMs) / (faults * gapMs))), gapMs }
}

/** Prints how it goes until it is stopped. */
function report(stage: Stage): { injected: number; stop(): void } {
  const begin = performance.now()
  const state = {
    injected: 0,
    stop: () => {
      clearInterval(timer)
    },
  }
  const timer = setInterval(() => {
    reportProgress(stage, (performance.now() - begin) / 1000, state.injected).catch(() => undefined)
  }, reportEveryMs)
  return state
}

function endedInOrder(ends: readonly { readonly name: string; readonly how: string }[]): Finding {
  const faults = ends.filter(({ how }) => how !== 'exit code 0').map(({ name, how }) => `${name}: ${how}`)
  return findingOf('All programs ended in order', faults)
}

function asPlain(value: unknown): unknown {
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)]
  return value instanceof Set ? [...(value as Set<unknown>)] : value
}
