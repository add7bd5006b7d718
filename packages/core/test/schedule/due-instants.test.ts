import { describe, expect, test } from '@jest/globals'
import type { NextTime } from '../../src/schedule/cron-calendar.js'
import { dueInstants } from '../../src/schedule/due-instants.js'
import type { PlannedTask } from '../../src/schedule/planned-task.js'
import { at, plannedTask } from './planned-task.js'

const minute = 60_000
const now = at('13:30:30').getTime()

/** The instants of a task that is due every minute, and how often the schedule was asked for them. */
function due(columns: Partial<PlannedTask>) {
  let asked = 0
  const next: NextTime = (after) => {
    asked += 1
    return (Math.floor(after / minute) + 1) * minute
  }
  const instants = dueInstants(plannedTask({ misfire: 'all', ...columns }), next, now, minute)
  return { instants, asked }
}

describe('with misfire all', () => {
  test('no more instants are sought than the task has iterations', () => {
    const nextRun = new Date('2016-01-01T00:00Z')
    const { instants, asked } = due({ nextRun, misfireLimit: 20_000, iterations: 3 })
    expect(instants.slice(0, 3)).toEqual([0, 1, 2].map((n) => nextRun.getTime() + n * minute))
    expect(asked).toBeLessThan(10)
  })

  test('a limit of 10 000 is kept, and one beyond what a statement can take is cut', () => {
    const nextRun = new Date('0001-01-01T00:00Z')
    // The one that is on time comes on top.
    expect(due({ nextRun, misfireLimit: 10_000 }).instants).toHaveLength(10_001)
    const { instants } = due({ nextRun, misfireLimit: 300_000 })
    expect(instants).toHaveLength(100_001)
    expect(instants.at(-1)).toBe(at('13:30').getTime())
  })
})
