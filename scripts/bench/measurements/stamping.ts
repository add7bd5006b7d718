import { heartbeat } from '../contenders/contenders.js'
import { gather } from '../report/result.js'
import { tellProgress } from '../report/tell-progress.js'
import { cpuTimeOf } from '../stage/cpu-time.js'
import { openTableFiller } from '../stage/fill-tables.js'
import { openField } from '../stage/open-field.js'
import { startProgram } from '../stage/start-program.js'
import type { Measurement } from './measurement.js'

/** How fast a heartbeat stamps what is due among much that is not, and what a tick costs that finds nothing. */
export const stamping: Measurement = {
  name: 'stamping',
  about: 'tasks a second that a heartbeat stamps, 100 000 out of a million; a tick with nothing due',
  async run({ server, rounds, size }) {
    const isQuick = size === 'quick'
    const tasks = isQuick ? 5_000 : 1_000_000
    const idleTicks = isQuick ? 5 : 50
    await using field = await openField(server, [heartbeat])
    const [entrant] = field.entrants
    if (entrant === undefined) throw new Error('There is no heartbeat to measure.')
    const { url } = entrant
    await using tables = await openTableFiller(url)
    tellProgress(`stamping: makes ${tasks} tasks`)
    await tables.addTasks(tasks)
    const found = gather()
    for (let round = 0; round < rounds; round += 1) {
      tellProgress(`stamping, round ${round + 1} of ${rounds}`)
      await tables.calmDown()
      const due = await tables.makeTenthDue()
      await server.settle(url)
      // A process of its own each time: no next instant is known yet.
      await using beat = await startProgram(heartbeat, url)
      let stamped = 0
      let ms = 0
      while (stamped < due) {
        const tick = await beat.ask('tick')
        if (tick.stamped === 0) throw new Error(`A tick stamped nothing, with ${due - stamped} tasks left.`)
        stamped += tick.stamped
        ms += tick.ms
      }
      found.add(heartbeat.name, 'tasks/s', (stamped / ms) * 1000)
      await server.settle(url)
      const serverBefore = cpuTimeOf([server.pid])
      let idleMs = 0
      for (let n = 0; n < idleTicks; n += 1) idleMs += (await beat.ask('tick')).ms
      const serverAfter = cpuTimeOf([server.pid])
      found.add(heartbeat.name, 'tick with nothing due, ms', idleMs / idleTicks)
      if (serverBefore !== null && serverAfter !== null)
        found.add(heartbeat.name, 'its server CPU, ms', (serverAfter - serverBefore) / idleTicks)
    }
    return [
      {
        title: `Stamping: a tenth of ${tasks} tasks is due, with 200 schedules in 20 zones`,
        measured: found.measured(),
        notes: [
          `The time of whole ticks of a heartbeat that has just started, after VACUUM ANALYZE and CHECKPOINT; then ${idleTicks} ticks with nothing due.`,
        ],
      },
    ]
  },
}
