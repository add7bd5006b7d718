import { bestPeers, defaultPeers, limit, ours, pools } from '../contenders/contenders.js'
import { gather } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import { openField } from '../stage/open-field.js'
import { drainOnce } from './drain-once.js'
import type { Measurement } from './measurement.js'

/** How fast workers empty a queue of jobs that do nothing. */
export const drain: Measurement = {
  name: 'drain',
  about: 'no-op jobs a second with one and two worker processes, and what they cost in CPU time',
  async run({ server, rounds, jobs, mostMs, size, wanted }) {
    await using field = await openField(
      server,
      wanted([ours, limit, ...bestPeers, ...defaultPeers, ...pools]),
    )
    const found = gather()
    for (let round = 0; round < rounds; round += 1) {
      for (const entrant of field.entrants) {
        const { name, isSlow = false } = entrant.contender
        const count = isSlow ? Math.ceil(jobs / 5) : jobs
        tellProgress(`drain, round ${round + 1} of ${rounds}: ${name}`)
        for (const processes of size === 'quick' ? [1] : [1, 2]) {
          await entrant.filler.ask('clear')
          await entrant.filler.ask('fill', count)
          if (entrant.contender.store === 'postgresql') await server.settle(entrant.url)
          const { jobsPerSecond, serverCpuMs, clientCpuMs } = await drainOnce(server, entrant, {
            processes,
            jobs: count,
            mostMs,
          })
          found.add(name, processes === 1 ? 'jobs/s, 1 process' : 'jobs/s, 2 processes', jobsPerSecond)
          if (processes > 1) continue
          found.add(name, 'server CPU, ms', serverCpuMs)
          found.add(name, 'client CPU, ms', clientCpuMs)
        }
      }
    }
    const told = field.entrants.map(({ contender }) => `${contender.name}: ${contender.told}.`)
    return [
      {
        title: 'Drain: no-op jobs a second, and CPU time per 10 000 jobs with one process',
        reference: ours.name,
        measured: found.measured(),
        notes: [
          `${jobs} jobs (a fifth for those that run some thousand a second at most) are enqueued; then VACUUM ANALYZE and CHECKPOINT; then workers are started, each in a process of its own whose log goes to /dev/null. From the first job's beginning until the store holds none that has not ended; after ${mostMs / 1000} s what was done by then.`,
          ...told,
          ...field.leftOut,
        ],
      },
    ]
  },
}
