import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender } from '../contenders/contender.js'
import { bestPostgresPeers, heartbeat, ours, oursPolling } from '../contenders/contenders.js'
import { gather } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import { startCountingProxy } from '../stage/counting-proxy.js'
import { cpuTimeOf } from '../stage/cpu-time.js'
import { openTableFiller } from '../stage/fill-tables.js'
import { openField, type Entrant } from '../stage/open-field.js'
import { startProgram, type Program } from '../stage/start-program.js'
import type { Measurement } from './measurement.js'

/** What a process costs that has nothing to do. */
export const idle: Measurement = {
  name: 'idle',
  about: 'statements a second and CPU time a minute of processes that have nothing to do, over three minutes',
  async run({ server, size, wanted }) {
    const isQuick = size === 'quick'
    const [warmUpMs, ms, tasks] = isQuick ? [500, 1_000, 1_000] : [10_000, 180_000, 1_000_000]
    const contenders: readonly Contender[] = wanted([ours, oursPolling, heartbeat, ...bestPostgresPeers])
    await using field = await openField(server, contenders)
    for (const { contender, url } of field.entrants) {
      if (contender.name !== heartbeat.name) continue
      await using tables = await openTableFiller(url)
      await tables.addTasks(tasks)
      await server.settle(url)
    }
    tellProgress(`idle: ${ms / 1000} s`)
    const watched = await Promise.all(field.entrants.map(startWatched))
    await sleep(warmUpMs)
    const before = watched.map(see)
    await sleep(ms)
    const found = gather()
    watched.forEach((one, n) => {
      const { statements, cpuMs } = see(one)
      const then = before[n]
      if (then === undefined) return
      const add = (measure: string, value: number | null): void => found.add(one.name, measure, value)
      add('statements/s', (statements - then.statements) / (ms / 1000))
      add(
        'CPU, ms a minute',
        cpuMs === null || then.cpuMs === null ? null : ((cpuMs - then.cpuMs) / ms) * 60_000,
      )
    })
    for (const { program, proxy } of watched) {
      await program[Symbol.asyncDispose]()
      proxy[Symbol.dispose]()
    }
    return [
      {
        title: 'Idle: statements a second, and CPU time of the process a minute',
        measured: found.measured(),
        notes: [
          `Over ${ms / 1000} s, from ${warmUpMs / 1000} s after the start, all at the same time. Every statement is counted on its way to the server. The heartbeat has ${tasks} tasks, none of which is due.`,
        ],
      },
    ]
  },
}

interface Watched {
  readonly name: string
  readonly program: Program
  readonly proxy: Awaited<ReturnType<typeof startCountingProxy>>
}

async function startWatched({ contender, url }: Entrant): Promise<Watched> {
  const proxy = await startCountingProxy(url)
  const program = await startProgram(contender, proxy.url)
  await program.ask('work')
  return { name: contender.name, program, proxy }
}

function see({ program, proxy }: Watched): { statements: number; cpuMs: number | null } {
  return { statements: proxy.count(), cpuMs: cpuTimeOf([program.pid]) }
}
