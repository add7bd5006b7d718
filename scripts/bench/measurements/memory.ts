import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender } from '../contenders/contender.js'
import { bestPeers, limit, ours } from '../contenders/contenders.js'
import { gather } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import { openField } from '../stage/open-field.js'
import { residentMemory } from '../stage/resident-memory.js'
import { startProgram } from '../stage/start-program.js'
import type { Measurement } from './measurement.js'

const idleMs = 2_000

/** How much memory a worker holds that has more to do than it can. */
export const memory: Measurement = {
  name: 'memory',
  about: 'resident memory of a worker with a million jobs due, beside a process that only enqueues',
  async run({ server, size, wanted }) {
    const isQuick = size === 'quick'
    const [jobs, workMs] = isQuick ? [5_000, 1_000] : [1_000_000, 15_000]
    await using field = await openField(server, wanted([ours, limit, ...bestPeers]))
    const found = gather()
    for (const { contender, url, filler } of field.entrants) {
      tellProgress(`memory: ${contender.name}`)
      // A tenth is as good for those whose own bulk call has to bring them in.
      await filler.ask('fill', contender.kind === 'peer' ? jobs / 10 : jobs)
      if (contender.store === 'postgresql') await server.settle(url)
      const idle = await memoryAfter(contender, { url, action: 'enqueueTimed', ms: idleMs })
      const busy = await memoryAfter(contender, { url, action: 'work', ms: workMs })
      found.add(contender.name, 'idle client, MB', idle.now)
      found.add(contender.name, 'busy worker, MB', busy.now)
      found.add(contender.name, 'its peak, MB', busy.peak)
      found.add(contender.name, 'peak above idle, MB', busy.peak - idle.now)
    }
    return [
      {
        title: 'Resident memory of a worker, megabytes',
        measured: found.measured(),
        notes: [
          `A process that has enqueued one job, ${idleMs / 1000} s after it; and another that has been a worker for ${workMs / 1000} s, with ${jobs} jobs due (peers: a tenth of that). Both have loaded the same modules. Node returns memory late; no process is given options.`,
          'sisy --inline: until user code uses the client, only the process that enqueues has loaded the query engine of Prisma.',
          ...field.leftOut,
        ],
      },
    ]
  },
}

/** What a process of its own holds so long after it did, or began, this. */
async function memoryAfter(
  contender: Contender,
  {
    url,
    action,
    ms,
  }: { readonly url: string; readonly action: 'enqueueTimed' | 'work'; readonly ms: number },
): Promise<{ readonly now: number; readonly peak: number }> {
  await using program = await startProgram(contender, url)
  await program.ask(action)
  await sleep(ms)
  const memory = residentMemory(program.pid)
  if (memory === null) throw new Error('This system does not tell how much memory a process holds.')
  return memory
}
