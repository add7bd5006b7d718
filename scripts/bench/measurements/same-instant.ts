import { setTimeout as sleep } from 'node:timers/promises'
import { heartbeat, ours } from '../contenders/contenders.js'
import { machineTime } from '../programs/recorder.mjs'
import { gather } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import { openTableFiller } from '../stage/fill-tables.js'
import { openField } from '../stage/open-field.js'
import { startProgram } from '../stage/start-program.js'
import type { Measurement } from './measurement.js'

/** Heartbeat and worker have started by then, milliseconds. */
const leadMs = 4_000
const lookEveryMs = 10
const mostMs = 180_000

/** How long many tasks wait that are due at the same instant. */
export const sameInstant: Measurement = {
  name: 'same-instant',
  about:
    '10 000 and 100 000 tasks due at once: until all are stamped, until the first run begins, until all have ended',
  async run({ server, rounds, size }) {
    const counts = size === 'quick' ? [500] : [10_000, 100_000]
    const found = gather()
    for (const count of counts) {
      await using field = await openField(server, [heartbeat])
      const [entrant] = field.entrants
      if (entrant === undefined) throw new Error('There is no heartbeat to measure.')
      const { url, filler } = entrant
      await using tables = await openTableFiller(url)
      await tables.addTasks(count)
      for (let round = 0; round < rounds; round += 1) {
        tellProgress(`same-instant, round ${round + 1} of ${rounds}: ${count}`)
        await tables.calmDown()
        await server.settle(url)
        await using beat = await startProgram(heartbeat, url)
        await using worker = await startProgram(ours, url)
        const at = machineTime() + leadMs
        const instant = await tables.makeDueIn(leadMs, count)
        await Promise.all([beat.ask('work'), worker.ask('work')])
        const stamped = async (): Promise<boolean> => {
          const { rows } = await tables.client.query<{ left: boolean }>(
            'SELECT EXISTS (SELECT FROM sisy_task WHERE enabled AND "nextRun" <= $1) AS left',
            [instant],
          )
          return rows[0]?.left === false
        }
        const until = async (done: () => Promise<boolean>): Promise<number> => {
          while (!(await done())) {
            if (machineTime() > at + mostMs)
              throw new Error(`${count} tasks were not done in ${mostMs / 1000} s.`)
            await sleep(lookEveryMs)
          }
          return (machineTime() - at) / 1000
        }
        const add = (measure: string, seconds: number): void => found.add(`${count} tasks`, measure, seconds)
        add('all stamped, s', await until(stamped))
        const ended = await until(
          async () => (await worker.ask('progress')).count >= count && filler.ask('isDrained'),
        )
        add('first run begins, s', ((await worker.ask('progress')).firstAt - at) / 1000)
        add('all runs ended, s', ended)
      }
    }
    return [
      {
        title: 'Many tasks due at the same instant: seconds after it',
        measured: found.measured(),
        notes: [
          'One heartbeat and one worker with --inline, at their defaults, both waiting when the instant comes.',
        ],
      },
    ]
  },
}
