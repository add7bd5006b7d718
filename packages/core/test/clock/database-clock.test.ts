import { describe, expect, test } from '@jest/globals'
import { databaseClock, fixedAuthority } from '@sisy/core/internal'
import { settableClock } from '@sisy/test-kit'

const start = new Date('2030-01-01T00:00:00Z')
const later = (ms: number) => new Date(start.getTime() + ms)

describe('databaseClock', () => {
  test('is the machine’s clock until it is measured', () => {
    const machine = settableClock(start)
    expect(databaseClock(machine).now()).toEqual(start)
  })

  test('is the database’s after that, and never ahead for a slow reply', () => {
    const machine = settableClock(start)
    const clock = databaseClock(machine)
    const slow = clock.monotonic()
    machine.advance(10_000)
    clock.measure(later(-3_600_000), slow)
    expect(clock.now()).toEqual(later(-3_600_000))
    machine.advance(1_000)
    expect(clock.now()).toEqual(later(-3_600_000 + 1_000))
  })

  test('keeps what it knows as long as a reply allows it, and else goes as far as it must', () => {
    const machine = settableClock(start)
    const clock = databaseClock(machine)
    clock.measure(start, clock.monotonic())
    const askedAt = clock.monotonic()
    machine.advance(100)
    clock.measure(later(40), askedAt)
    expect(clock.now()).toEqual(later(100))
    clock.measure(later(130), clock.monotonic())
    expect(clock.now()).toEqual(later(130))
    clock.measure(later(90), clock.monotonic())
    expect(clock.now()).toEqual(later(90))
  })

  test('does not follow a jump of the wall clock', () => {
    const machine = settableClock(start)
    const clock = databaseClock(machine)
    clock.measure(start, clock.monotonic())
    machine.set(later(-86_400_000))
    expect(clock.now()).toEqual(start)
    machine.advance(5)
    expect(clock.now()).toEqual(later(5))
  })

  test('tells how far the wall clock has jumped since it was last measured', () => {
    const machine = settableClock(start)
    const clock = databaseClock(machine)
    expect(clock.partedMs()).toBe(0)
    clock.measure(start, clock.monotonic())
    machine.advance(5_000)
    expect(clock.partedMs()).toBe(0)
    machine.set(later(-3_600_000))
    expect(clock.partedMs()).toBe(-3_605_000)
    expect(clock.driftMs()).toBe(-3_605_000)
    clock.measure(later(5_000), clock.monotonic())
    expect(clock.partedMs()).toBe(0)
    expect(clock.driftMs()).toBe(-3_605_000)
  })

  test('tells how far a measurement moved it', () => {
    const machine = settableClock(start)
    const clock = databaseClock(machine)
    expect(clock.measure(later(500_000), clock.monotonic())).toBe(0)
    machine.advance(1_000)
    expect(clock.measure(later(501_000), clock.monotonic())).toBe(0)
    expect(clock.measure(later(621_000), clock.monotonic())).toBe(120_000)
    expect(clock.measure(later(501_000), clock.monotonic())).toBe(-120_000)
  })

  test('hands timers on', () => {
    const machine = settableClock(start)
    const called: string[] = []
    const clock = databaseClock(machine)
    clock.after(10, () => called.push('first'))
    const cancel = clock.after(10, () => called.push('cancelled'))
    cancel()
    machine.advance(9)
    expect(called).toEqual([])
    machine.advance(1)
    expect(called).toEqual(['first'])
  })
})

test('a clock that is its own authority is not moved by measurements', () => {
  const clock = fixedAuthority(settableClock(start))
  clock.measure(later(5_000), 0)
  expect(clock.now()).toEqual(start)
})
