import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { listProcesses } from '../../processes/list-processes.js'
import type { Contender } from './contenders.js'

/** What runs cost. */
export interface Cost {
  readonly runsPerSecond: number
  /** Of this process and its children together; null where the system does not tell the children's. */
  readonly cpuMicrosPerRun: number | null
}

export interface MeasureOptions {
  readonly value: unknown
  /** How many runs there are at every moment. */
  readonly inFlight: number
  readonly warmUpMs: number
  readonly ms: number
}

/** Keeps runs in flight for a while and tells what they cost. */
export async function measureContender(
  contender: Contender,
  { value, inFlight, warmUpMs, ms }: MeasureOptions,
): Promise<Cost> {
  await keepRunning(contender, { value, inFlight, ms: warmUpMs })
  const cpuBefore = cpuMicros()
  const start = performance.now()
  const runs = await keepRunning(contender, { value, inFlight, ms })
  const seconds = (performance.now() - start) / 1000
  const cpuAfter = cpuMicros()
  const isTold = process.platform === 'linux'
  return { runsPerSecond: runs / seconds, cpuMicrosPerRun: isTold ? (cpuAfter - cpuBefore) / runs : null }
}

async function keepRunning(
  contender: Contender,
  { value, inFlight, ms }: Omit<MeasureOptions, 'warmUpMs'>,
): Promise<number> {
  const until = performance.now() + ms
  let runs = 0
  const runOneByOne = async (): Promise<void> => {
    while (performance.now() < until) {
      await contender.run(value)
      runs += 1
    }
  }
  await Promise.all(Array.from({ length: inFlight }, runOneByOne))
  return runs
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  const children = listProcesses().filter(({ parent }) => parent === process.pid)
  return user + system + children.reduce((sum, { cpuMs }) => sum + cpuMs * 1000, 0)
}
