import { setTimeout as sleep } from 'node:timers/promises'
import { bestPeers, limit, ours, postgresPeers } from '../contenders/contenders.js'
import { machineTime } from '../programs/recorder.mjs'
import { gather } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import { openField } from '../stage/open-field.js'
import { startProgram } from '../stage/start-program.js'
import type { Measurement } from './measurement.js'

/** A worker is idle some time after its start, milliseconds. */
const idleAfterMs = 1_500
/** Between a job's beginning and the next one's enqueuing, milliseconds: nothing is under way any more. */
const pauseMs = 25
/** How often the worker is asked whether a job has begun, milliseconds. */
const lookEveryMs = 10
/** A contender that takes seconds is not asked as often. */
const mostMs = 8_000

/** How long a job waits that is enqueued while a worker has nothing to do. */
export const latency: Measurement = {
  name: 'latency',
  about: 'from the call that enqueues to the beginning of the job, on an idle worker',
  async run({ server, rounds, size, wanted }) {
    const count = size === 'quick' ? 5 : 100
    const peers = new Set(wanted([...bestPeers, ...postgresPeers]))
    const here = size === 'quick' ? [...peers].filter(({ isSlow }) => !isSlow) : [...peers]
    await using field = await openField(server, [...wanted([ours, limit]), ...here])
    const found = gather()
    for (let round = 0; round < rounds; round += 1) {
      for (const { contender, url, filler } of field.entrants) {
        tellProgress(`latency, round ${round + 1} of ${rounds}: ${contender.name}`)
        await filler.ask('clear')
        await filler.ask('enqueueOneByOne', { count: 50, atOnce: 5 })
        await using worker = await startProgram(contender, url)
        await worker.ask('work')
        const begun = async (): Promise<number> => (await worker.ask('progress')).count
        // Warm: connections are open, code is compiled.
        const by = machineTime() + mostMs
        while ((await begun()) < 50 && machineTime() < by) await sleep(lookEveryMs)
        await filler.ask('clear')
        await sleep(idleAfterMs)
        const before = await begun()
        const until = machineTime() + mostMs
        for (let sent = 0; sent < count && machineTime() < until; sent += 1) {
          await filler.ask('enqueueTimed')
          while ((await begun()) === before + sent && machineTime() < until) await sleep(lookEveryMs)
          await sleep(pauseMs)
        }
        const sorted = (await worker.ask('latencies')).sort((a, b) => a - b)
        const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN
        found.add(contender.name, 'p50, ms', at(0.5))
        found.add(contender.name, 'p95, ms', at(0.95))
      }
    }
    return [
      {
        title: 'Latency: from the call that enqueues to the beginning of the job, on an idle worker',
        reference: ours.name,
        measured: found.measured(),
        notes: [
          `${count} jobs a round, one after the other, each ${pauseMs} ms or more after the last one began; for ${mostMs / 1000} s at most. The enqueuing process and the worker are warm.`,
          ...field.leftOut,
        ],
      },
    ]
  },
}
