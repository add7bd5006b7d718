// What a run costs in the pool of child processes, in others' pools, and without one:
// `pnpm bench:pool [--quick] [--large]`, after a build.
import os from 'node:os'
import process from 'node:process'
import { describeMachine } from './machine.js'
import { median } from './median.js'
import { contenders, ours } from './pool/contenders.js'
import { measureContender, type Cost } from './pool/measure-contender.js'
import { workloadOf } from './pool/workload.js'
import { showTable } from './show-table.js'

const isQuick = process.argv.includes('--quick')
const rounds = isQuick ? 3 : 7
const times = isQuick ? { warmUpMs: 500, ms: 1_000 } : { warmUpMs: 1_000, ms: 2_000 }
const runsPerProcess = 8

const workload = workloadOf(process.argv.includes('--large') ? 'large' : 'small')
const sizes = [...new Set([1, os.availableParallelism()])]

/** Each contender once, one after the other, so that what else the machine does meets all alike. */
async function measureRound(processes: number): Promise<Record<string, Cost>> {
  const costs: Record<string, Cost> = {}
  for (const [name, open] of Object.entries(contenders)) {
    const contender = await open(workload, processes)
    try {
      const inFlight = runsPerProcess * processes
      costs[name] = await measureContender(contender, { value: workload.value, inFlight, ...times })
    } finally {
      await contender.close()
    }
  }
  return costs
}

function rowOf(name: string, all: readonly Record<string, Cost>[]): string[] {
  const runs = all.map((costs) => costs[name]?.runsPerSecond ?? NaN)
  const cpu = all.map((costs) => costs[name]?.cpuMicrosPerRun ?? NaN)
  const ratios = all.map((costs) => efficiencyOf(costs[name]) / efficiencyOf(costs[ours]))
  const micros = median(cpu)
  return [name, whole(median(runs)), show(micros, 1), whole(1e6 / micros), show(median(ratios), 2)]
}

/** Runs that a second of one core is enough for; runs per second where CPU time is not told. */
function efficiencyOf(cost: Cost | undefined): number {
  if (cost === undefined) return NaN
  return cost.cpuMicrosPerRun === null ? cost.runsPerSecond : 1e6 / cost.cpuMicrosPerRun
}

const show = (number: number, digits: number): string => (Number.isNaN(number) ? '–' : number.toFixed(digits))
const whole = (number: number): string =>
  Number.isNaN(number) ? '–' : Math.round(number).toLocaleString('en')

console.log(
  `${describeMachine()}\n${workload.title}, ${runsPerProcess} in flight per child process. Medians of`,
)
console.log(
  `${rounds} rounds of ${times.ms / 1000} s. CPU time is that of this process and its children together.\n`,
)
const head = ['', 'runs/s', 'CPU µs/run', 'runs/s per core', 'ratio to ours']
for (const processes of sizes) {
  const all: Record<string, Cost>[] = []
  for (let round = 0; round < rounds; round += 1) all.push(await measureRound(processes))
  const title = `${processes} child process${processes === 1 ? '' : 'es'}`
  const [first = '', ...others] = head
  const rows = Object.keys(contenders).map((name) => rowOf(name, all))
  console.log(`${showTable([title + first, ...others], rows)}\n`)
}
console.log('Ratio: runs/s per core as against ours in the same round; above 1 is better than ours.')
