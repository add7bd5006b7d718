import { expect, test } from '@jest/globals'
import { settableClock } from '@sisy/test-kit'
import { createLifetime } from '../../../src/subprocess/child/lifetime.js'
import { holdRun, type HeldRun } from '../../../src/subprocess/held-run.js'
import { toWire } from '../../../src/subprocess/channel/wire-value.js'

function run(liveUntil: number | null): HeldRun {
  const value = toWire(undefined)
  return holdRun({ number: 1, name: 'run', value, timeoutMs: null, onTimeout: null, arrivedAt: 0, liveUntil })
}

function openLifetime() {
  const runs: HeldRun[] = []
  const told: (number | null)[] = []
  const clock = settableClock('2026-01-01T00:00:00Z')
  const lifetime = createLifetime({ clock, runs: () => runs, keepUntil: (moment) => told.push(moment) })
  return { runs, told, clock, lifetime }
}

test('it is the earliest of its runs, told when it changes', () => {
  const { runs, told, clock, lifetime } = openLifetime()
  lifetime.update()
  runs.push(run(null), run(500), run(300))
  lifetime.update()
  lifetime.update()
  runs.pop()
  lifetime.update()
  expect(told).toEqual([300, 500])
  expect(lifetime.isOver).toBe(false)
  clock.advance(500)
  expect(lifetime.isOver).toBe(true)
  runs.splice(0)
  lifetime.update()
  expect(told).toEqual([300, 500, null])
  expect(lifetime.isOver).toBe(false)
})

test('an aborted run does not take along those that go on, and by itself counts again', () => {
  const { runs, told, lifetime } = openLifetime()
  const [overdue, other] = [run(300), run(500)]
  runs.push(overdue, other)
  overdue.aborted = { reason: 'overdue' }
  lifetime.update()
  runs.pop()
  lifetime.update()
  expect(told).toEqual([500, 300])
})
