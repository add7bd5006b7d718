// Hours of misbehaving user code in minutes: two workers, a heartbeat, and runs of which every fifth does its worst.
// Ends with 0 only if everything held.
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeMachine } from './bench/machine.js'
import { attemptsRecorded } from './soak/checks/attempts-recorded.js'
import { findingOf, type Finding } from './endurance/finding.js'
import { memoryFlat } from './soak/checks/memory-flat.js'
import { nothingLeft } from './endurance/nothing-left.js'
import { readOrTell } from './endurance/read-or-tell.js'
import { outcomesMatch } from './soak/checks/outcomes-match.js'
import { readRuns } from './soak/checks/read-runs.js'
import { runsEnded } from './soak/checks/runs-ended.js'
import { openStage, type Stage } from './soak/open-stage.js'
import { produceRuns } from './soak/produce-runs.js'
import { readOptions } from './soak/read-options.js'
import { reportProgress } from './soak/report-progress.js'
import { startProgram, type Program } from './endurance/start-program.js'
import { watchPrograms } from './soak/watch-programs.js'

const reportEveryMs = 10_000
const workerArgs = ['--processes', '4', '--max-memory', '256mb']

const { minutes, runsPerSecond } = readOrTell('pnpm soak [--minutes 10] [--runs-per-second 8]', readOptions)
const marker = { SISY_SOAK: randomUUID() }
const logs = mkdtempSync(path.join(tmpdir(), 'sisy-soak-'))
const over = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => over.abort(signal))

const findings = await soak()
for (const { verdict, text } of findings) console.log(`${verdict.padEnd(8)}${text}.`)
const holds = findings.every(({ verdict }) => verdict !== 'FAILED')
if (holds) rmSync(logs, { recursive: true })
else process.exitCode = 1
console.log(holds ? '\nThe soak holds.' : `\nThe soak FAILED. The logs of its programs are in ${logs}`)

async function soak(): Promise<Finding[]> {
  console.log(
    `${describeMachine()}\nFor ${minutes} minutes, ${runsPerSecond} runs per second, on two workers.\n`,
  )
  await using stage = await openStage()
  const workers = ['worker 1', 'worker 2'].map((name) => start(stage, name, 'worker/dist/bin.js', workerArgs))
  const heartbeat = start(stage, 'heartbeat', 'heartbeat/dist/bin.js')
  const programs = [...workers, heartbeat]
  for (const { ended } of programs) void ended.then((how) => over.abort(how))
  const watch = watchPrograms(workers)
  const producing = produceRuns(stage, { runsPerSecond, signal: over.signal })
  producing.catch((error: unknown) => over.abort(error))
  await report(stage, watch)
  const enqueued = await producing
  const ends = await Promise.all(
    programs.map(async (program) => ({ name: program.name, how: await program.end() })),
  )
  const runs = await readRuns(stage)
  return [
    endedInOrder(ends),
    runsEnded(runs, enqueued),
    attemptsRecorded(runs),
    outcomesMatch(runs),
    ...workers.map((worker) => memoryFlat(worker.name, watch.samples.get(worker) ?? [])),
    nothingLeft({
      marker: `SISY_SOAK=${marker.SISY_SOAK}`,
      parents: programs.map(({ pid }) => pid),
      zombies: watch.zombies,
    }),
  ]
}

function start(stage: Stage, name: string, script: string, args: readonly string[] = []): Program {
  return startProgram({ name, script, args, cwd: stage.path, env: { ...stage.env, ...marker }, logs })
}

/** Prints how it goes until the time is over, a signal comes, or a program ends by itself. */
async function report(stage: Stage, watch: ReturnType<typeof watchPrograms>): Promise<void> {
  const begin = performance.now()
  const elapsed = (): number => performance.now() - begin
  while (!over.signal.aborted && elapsed() < minutes * 60_000) {
    const ms = Math.min(reportEveryMs, minutes * 60_000 - elapsed())
    await sleep(ms, undefined, { signal: over.signal }).catch(() => {})
    await reportProgress(stage, watch, elapsed() / 1000)
  }
  const why = over.signal.aborted ? `Ended early: ${String(over.signal.reason)}.` : 'Time is over.'
  over.abort('time is over')
  console.log(`\n${why} Ending the workers in order.\n`)
}

function endedInOrder(ends: readonly { readonly name: string; readonly how: string }[]): Finding {
  const faults = ends.filter(({ how }) => how !== 'exit code 0').map(({ name, how }) => `${name}: ${how}`)
  return findingOf('All programs worked until they were asked to end, and ended in order', faults)
}
