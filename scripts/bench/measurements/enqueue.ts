import { bareInsert, bestPeers, limit, ours, oursNamed } from '../contenders/contenders.js'
import { gather } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import { openField } from '../stage/open-field.js'
import type { Measurement } from './measurement.js'

const bulk = 10_000
const atOnce = 24

/** How fast an app hands jobs over. */
export const enqueue: Measurement = {
  name: 'enqueue',
  about: 'jobs a second that an app enqueues one by one, 24 at a time, and 10 000 by one call',
  async run({ server, rounds, size, wanted }) {
    const count = size === 'quick' ? 100 : 1_500
    await using field = await openField(server, wanted([ours, oursNamed, bareInsert, limit, ...bestPeers]))
    const found = gather()
    for (let round = 0; round < rounds; round += 1) {
      for (const { contender, url, filler } of field.entrants) {
        tellProgress(`enqueue, round ${round + 1} of ${rounds}: ${contender.name}`)
        const add = (measure: string, jobs: number, ms: number): void =>
          found.add(contender.name, measure, (jobs / ms) * 1000)
        await filler.ask('clear')
        if (contender.store === 'postgresql') await server.settle(url)
        // So that connections are open and code is compiled.
        await filler.ask('enqueueOneByOne', { count: 50, atOnce })
        add('one by one', count, await filler.ask('enqueueOneByOne', { count, atOnce: 1 }))
        add(
          `${atOnce} at a time`,
          count * 3,
          await filler.ask('enqueueOneByOne', { count: count * 3, atOnce }),
        )
        await filler.ask('enqueueInBulk', bulk)
        add('in bulk', bulk, await filler.ask('enqueueInBulk', bulk))
      }
    }
    const told = field.entrants.map(({ contender }) => `${contender.name}: ${contender.told}.`)
    return [
      {
        title: 'Enqueue: jobs a second',
        reference: ours.name,
        measured: found.measured(),
        notes: [
          `By single calls one after the other, by ${atOnce} callers at once, and ${bulk} jobs by one call of whatever the product has for that. Into an empty store after VACUUM ANALYZE and CHECKPOINT; no worker runs.`,
          ...told,
          ...field.leftOut,
        ],
      },
    ]
  },
}
