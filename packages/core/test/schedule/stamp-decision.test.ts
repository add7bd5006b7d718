import { describe, expect, test } from '@jest/globals'
import { createInstantCache } from '../../src/schedule/instant-cache.js'
import type { PlannedTask } from '../../src/schedule/planned-task.js'
import { stampDecision } from '../../src/schedule/stamp-decision.js'
import { at, plannedTask } from './planned-task.js'

const instantsOf = createInstantCache()
const minute = 60_000

function decide(columns: Partial<PlannedTask>, now: Date, periodMs = minute) {
  return stampDecision(plannedTask(columns), { now, periodMs, instantsOf })
}

const instants = (decision: ReturnType<typeof decide>) => decision.runs.map(({ instant }) => instant)

describe('on time', () => {
  test('one run, dated with its instant, and the next one', () => {
    const { runs, stamped, skipped } = decide({ nextRun: at('10:00'), iterations: 5 }, at('10:00:00.3'))
    expect(runs).toEqual([{ instant: at('10:00'), dueAt: at('10:00') }])
    expect(stamped).toEqual({
      nextRun: at('11:00'),
      lastRun: at('10:00'),
      iterations: 4,
      endedAt: null,
      problem: null,
    })
    expect(skipped).toEqual({ ...stamped, lastRun: null, iterations: 5 })
  })

  test('no limit of iterations stays none', () => {
    expect(decide({ nextRun: at('10:00') }, at('10:00')).stamped.iterations).toBe(0)
  })

  test('up to one period late, that included', () => {
    expect(instants(decide({ nextRun: at('10:00'), misfire: 'skip' }, at('10:01')))).toEqual([at('10:00')])
    expect(instants(decide({ nextRun: at('10:00'), misfire: 'skip' }, at('10:01:00.001')))).toEqual([])
  })

  test('a nextRun that is no instant of the schedule is honoured', () => {
    const { runs, stamped } = decide({ nextRun: at('10:07') }, at('10:07'))
    expect(runs).toEqual([{ instant: at('10:07'), dueAt: at('10:07') }])
    expect(stamped.nextRun).toEqual(at('11:00'))
  })
})

describe('missed', () => {
  const missed = { nextRun: at('10:00'), lastRun: at('09:00') }
  const now = at('13:30')

  test('once: one run with the latest missed instant', () => {
    const decision = decide(missed, now)
    expect(instants(decision)).toEqual([at('13:00')])
    expect(decision.stamped).toMatchObject({ nextRun: at('14:00'), lastRun: at('13:00') })
    expect(decision.skipped).toMatchObject({ nextRun: at('14:00'), lastRun: at('09:00') })
  })

  test('once: one run for those missed and one for the instant that is on time', () => {
    expect(instants(decide(missed, at('13:00:30')))).toEqual([at('12:00'), at('13:00')])
  })

  test('skip: nothing, and nothing is counted', () => {
    const { runs, stamped } = decide({ ...missed, misfire: 'skip', iterations: 3 }, now)
    expect(runs).toEqual([])
    expect(stamped).toMatchObject({
      nextRun: at('14:00'),
      lastRun: at('09:00'),
      iterations: 3,
      endedAt: null,
    })
  })

  test('skip: the instant that is on time runs', () => {
    expect(instants(decide({ ...missed, misfire: 'skip' }, at('13:00:30')))).toEqual([at('13:00')])
  })

  test('all: each, oldest first', () => {
    const decision = decide({ ...missed, misfire: 'all', iterations: 10 }, now)
    expect(instants(decision)).toEqual([at('10:00'), at('11:00'), at('12:00'), at('13:00')])
    expect(decision.stamped).toMatchObject({ nextRun: at('14:00'), lastRun: at('13:00'), iterations: 6 })
  })

  test('all: the oldest within the limit, then the one that is on time', () => {
    const decision = decide({ ...missed, misfire: 'all', misfireLimit: 2 }, at('13:00:01'))
    expect(instants(decision)).toEqual([at('10:00'), at('11:00'), at('13:00')])
    expect(decision.stamped.nextRun).toEqual(at('14:00'))
  })

  test('all: only within the window, its edge included', () => {
    const window = { ...missed, misfire: 'all' as const, misfireWindow: 90 * 60 }
    expect(instants(decide(window, now))).toEqual([at('12:00'), at('13:00')])
    expect(instants(decide(window, at('13:30:00.001')))).toEqual([at('13:00')])
  })

  test('once: nothing when the latest is older than the window', () => {
    const { runs, stamped } = decide({ ...missed, misfireWindow: 20 * 60 }, now)
    expect(runs).toEqual([])
    expect(stamped.nextRun).toEqual(at('14:00'))
  })

  test('once: years of an every-minute schedule cost no more than hours', () => {
    let asked = 0
    const counting: typeof instantsOf = (schedule, timezone) => (after) => {
      asked += 1
      return instantsOf(schedule, timezone)(after)
    }
    const task = plannedTask({ schedule: '* * * * *', nextRun: new Date('2016-01-01T00:00Z') })
    const { runs } = stampDecision(task, { now: at('13:30:10'), periodMs: minute, instantsOf: counting })
    expect(runs.map(({ instant }) => instant)).toEqual([at('13:29'), at('13:30')])
    expect(asked).toBeLessThan(50)
  })

  test('nothing is made up for after endRunning', () => {
    const { runs, stamped } = decide({ ...missed, endRunning: at('13:15') }, now)
    expect(runs).toEqual([])
    expect(stamped).toMatchObject({ nextRun: null, endedAt: now })
  })
})

describe('nearer than one period', () => {
  test('instants are dropped', () => {
    const { runs, stamped } = decide({ schedule: '* * * * * *', nextRun: at('10:00') }, at('10:00:00.2'))
    expect(runs).toEqual([{ instant: at('10:00'), dueAt: at('10:00') }])
    expect(stamped.nextRun).toEqual(at('10:01'))
  })

  test('also when nextRun is too near, as after an edit', () => {
    const { runs, stamped } = decide(
      { schedule: '* * * * * */20', nextRun: at('10:00:20'), lastRun: at('10:00') },
      at('10:00:21'),
    )
    expect(runs).toEqual([])
    expect(stamped).toMatchObject({ nextRun: at('10:01'), lastRun: at('10:00') })
  })

  test('they do not count as missed', () => {
    const fine = { schedule: '* * * * * */30', nextRun: at('10:01'), lastRun: at('10:00') }
    expect(instants(decide(fine, at('10:02:45')))).toEqual([at('10:01'), at('10:02')])
    expect(instants(decide({ ...fine, misfire: 'all' }, at('10:05:10')))).toEqual(
      ['10:01', '10:02', '10:03', '10:04', '10:05'].map(at),
    )
  })

  test('once finds the same instant as all, however dense the schedule', () => {
    const dense = { schedule: '* 3,4 * * * *', nextRun: at('03:00:00') }
    const all = instants(decide({ ...dense, misfire: 'all', misfireLimit: 1000 }, at('12:00'), 70_000))
    expect(instants(decide(dense, at('12:00'), 70_000))).toEqual([all.at(-1)])
  })

  test('with a longer period fewer instants are left', () => {
    const { stamped } = decide({ schedule: '* * * * *', nextRun: at('10:00') }, at('10:00'), 90_000)
    expect(stamped.nextRun).toEqual(at('10:02'))
  })
})

describe('the end', () => {
  test('the last iteration ends the task and leaves a limit', () => {
    const now = at('10:00')
    const { stamped, skipped } = decide({ nextRun: now, iterations: 1 }, now)
    expect(stamped).toMatchObject({ nextRun: null, lastRun: now, iterations: 1, endedAt: now })
    expect(skipped).toMatchObject({ nextRun: at('11:00'), iterations: 1, endedAt: null })
  })

  test('no more runs than iterations', () => {
    const decision = decide({ nextRun: at('10:00'), misfire: 'all', iterations: 2 }, at('13:30'))
    expect(instants(decision)).toEqual([at('10:00'), at('11:00')])
    expect(decision.stamped).toMatchObject({ nextRun: null, endedAt: at('13:30') })
  })

  test('endRunning comes before iterations', () => {
    const now = at('10:00')
    const { runs, stamped } = decide({ nextRun: now, iterations: 5, endRunning: at('11:00') }, now)
    expect(runs).toHaveLength(1)
    expect(stamped).toMatchObject({ nextRun: null, iterations: 4, endedAt: now })
  })

  test('an instant before endRunning still runs when stamped within a period', () => {
    expect(instants(decide({ nextRun: at('10:00'), endRunning: at('10:00:10') }, at('10:00:20')))).toEqual([
      at('10:00'),
    ])
  })

  test('an instant at endRunning does not run', () => {
    const { runs, stamped } = decide({ nextRun: at('10:00'), endRunning: at('10:00') }, at('10:00'))
    expect(runs).toEqual([])
    expect(stamped.endedAt).toEqual(at('10:00'))
  })
})

describe('starting at once', () => {
  const immediate = { waitForSchedule: false, nextRun: at('10:20'), iterations: 3 }

  test('counts as an iteration, then the schedule goes on', () => {
    const { runs, stamped } = decide(immediate, at('10:20:00.1'))
    expect(runs).toEqual([{ instant: at('10:20'), dueAt: at('10:20') }])
    expect(stamped).toMatchObject({ nextRun: at('11:00'), lastRun: at('10:20'), iterations: 2 })
  })

  test.each(['once', 'skip'] as const)('is never missed, with misfire %s', (misfire) => {
    const decision = decide({ ...immediate, misfire, misfireWindow: 1 }, at('12:30'))
    expect(instants(decision)).toEqual([at('12:30')])
    expect(decision.stamped.nextRun).toEqual(at('13:00'))
  })
})

describe('no overlap', () => {
  test('never more than one run; the next tick looks at what is left', () => {
    const decision = decide({ nextRun: at('10:00'), allowOverlap: false }, at('13:00:30'))
    expect(instants(decision)).toEqual([at('12:00')])
    expect(decision.stamped).toMatchObject({ nextRun: at('13:00'), lastRun: at('12:00') })
    expect(decision.skipped).toMatchObject({ nextRun: at('13:00'), lastRun: null })
  })
})

describe('jitter', () => {
  const jittered = (id: string, columns: Partial<PlannedTask> = {}) =>
    decide(
      { id, nextRun: at('10:00'), jitterSeconds: 600, ...columns },
      at('10:00:05'),
    ).runs[0]?.dueAt.getTime() ?? NaN
  const ids = Array.from({ length: 500 }, (_, i) => `task-${i}`)

  test('delays each task differently, within the limit, always the same', () => {
    const delays = ids.map((id) => jittered(id) - at('10:00').getTime())
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...delays)).toBeLessThan(600_000)
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(500_000)
    expect(new Set(delays).size).toBeGreaterThan(490)
    expect(ids.map((id) => jittered(id) - at('10:00').getTime())).toEqual(delays)
  })

  test('another instant gets another delay', () => {
    const later = decide({ id: 'task-1', nextRun: at('11:00'), jitterSeconds: 600 }, at('11:00')).runs[0]
      ?.dueAt
    expect(later?.getTime()).not.toBe(jittered('task-1') + 3_600_000)
  })

  test('never reaches the next instant, nor endRunning', () => {
    for (const id of ids) {
      expect(jittered(id, { schedule: '* * * * *' })).toBeLessThan(at('10:01').getTime())
      expect(jittered(id, { endRunning: at('10:00:10') })).toBeLessThan(at('10:00:10').getTime())
    }
  })

  test('leaves the schedule alone', () => {
    const { stamped } = decide({ nextRun: at('10:00'), jitterSeconds: 600 }, at('10:00:05'))
    expect(stamped).toMatchObject({ lastRun: at('10:00'), nextRun: at('11:00') })
  })
})

test('a row that cannot be planned any more says why and stops', () => {
  const { runs, stamped, skipped } = decide(
    { schedule: '0 25 * * *', nextRun: at('10:00'), lastRun: at('09:00') },
    at('10:00'),
  )
  expect(runs).toEqual([])
  expect(stamped).toMatchObject({
    nextRun: null,
    lastRun: at('09:00'),
    endedAt: null,
    problem: expect.stringContaining('"25"'),
  })
  expect(skipped).toEqual(stamped)
})

test.each([
  ['lastRun', NaN],
  ['nextRun', NaN],
  ['lastRun', Date.UTC(-43, 2, 15)],
  ['nextRun', Date.UTC(-43, 2, 15)],
  ['lastRun', Date.UTC(10_000, 0)],
])('a row whose %s is no instant of the years 1 to 9999 (%d) says so and stops', (column, time) => {
  const { runs, stamped } = decide({ nextRun: at('10:00'), [column]: new Date(time) }, at('10:00'))
  expect(runs).toEqual([])
  expect(stamped).toMatchObject({ nextRun: null, problem: expect.stringContaining(column) })
})

test('an error that is not about the row is thrown on', () => {
  const broken = () => {
    throw new TypeError('broken')
  }
  expect(() =>
    stampDecision(plannedTask({ nextRun: at('10:00') }), {
      now: at('10:00'),
      periodMs: minute,
      instantsOf: broken,
    }),
  ).toThrow('broken')
})
