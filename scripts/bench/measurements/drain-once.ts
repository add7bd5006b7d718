import { setTimeout as sleep } from 'node:timers/promises'
import { machineTime } from '../programs/recorder.mjs'
import { cpuTimeOf } from '../stage/cpu-time.js'
import type { Entrant } from '../stage/open-field.js'
import type { BenchServer } from '../stage/open-server.js'
import { startProgram, type Program } from '../stage/start-program.js'

/** What draining a queue took. */
export interface Drain {
  /** From the beginning of the first job until the store says that all have ended. */
  readonly jobsPerSecond: number
  /** CPU time per 10 000 jobs, milliseconds; null where it is not told. */
  readonly serverCpuMs: number | null
  readonly clientCpuMs: number | null
}

export interface DrainOptions {
  /** Worker processes. */
  readonly processes: number
  /** Due jobs that the store holds. */
  readonly jobs: number
  /** After so long it is enough, milliseconds; what was done by then is counted. */
  readonly mostMs: number
}

const lookEveryMs = 20
const mostStartMs = 60_000
const mostEndMs = 30_000

/** Starts workers on a full queue, and stops them when it is empty. */
export async function drainOnce(
  server: BenchServer,
  { contender, url, filler }: Entrant,
  { processes, jobs, mostMs }: DrainOptions,
): Promise<Drain> {
  await using workers = await startPrograms(processes, () => startProgram(contender, url))
  const { programs } = workers
  const pids = programs.map(({ pid }) => pid)
  // Redis is not started by us, and its CPU time is another story.
  const serverPid = contender.store === 'postgresql' ? server.pid : null
  const [serverBefore, clientBefore] = [cpuTimeOf([serverPid]), cpuTimeOf(pids)]
  await Promise.all(programs.map((program) => program.ask('work')))

  const startBy = machineTime() + mostStartMs
  let seen = await look(programs)
  while (seen.count < jobs && !(machineTime() - seen.firstAt > mostMs)) {
    if (seen.count === 0 && machineTime() > startBy)
      throw new Error(`${contender.name} began no job in ${mostStartMs / 1000} s.`)
    await sleep(lookEveryMs)
    seen = await look(programs)
  }
  if (seen.count >= jobs) await drained(filler, contender.name)
  const seconds = (machineTime() - seen.firstAt) / 1000
  const done = Math.min(seen.count, jobs)
  const per10000 = (before: number | null, after: number | null): number | null =>
    before === null || after === null ? null : ((after - before) / done) * 10_000
  return {
    jobsPerSecond: done / seconds,
    serverCpuMs: per10000(serverBefore, cpuTimeOf([serverPid])),
    clientCpuMs: per10000(clientBefore, cpuTimeOf(pids)),
  }
}

/** Asks again and again: the answer costs the store little, and a pause would be a part of the figure. */
async function drained(filler: Program, name: string): Promise<void> {
  const by = machineTime() + mostEndMs
  while (!(await filler.ask('isDrained')))
    if (machineTime() > by)
      throw new Error(`${name} has jobs that began and have not ended in ${mostEndMs / 1000} s.`)
}

async function look(programs: readonly Program[]): Promise<{ count: number; firstAt: number }> {
  const all = await Promise.all(programs.map((program) => program.ask('progress')))
  // A process without a job yet has no first one; JSON has made null of that.
  const begun = all.filter(({ count }) => count > 0)
  return {
    count: begun.reduce((sum, { count }) => sum + count, 0),
    firstAt: Math.min(...begun.map(({ firstAt }) => firstAt)),
  }
}

async function startPrograms(count: number, start: () => Promise<Program>) {
  const programs = await Promise.all(Array.from({ length: count }, start))
  return {
    programs,
    async [Symbol.asyncDispose]() {
      await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()))
    },
  }
}
