import fc from 'fast-check'
import type { MatchedSchedule, WallMinute } from './brute-force.js'

export interface WrittenSchedule extends MatchedSchedule {
  readonly text: string
}

/** Text of a field or of one of its items, and what it matches, decided without reading the text. */
interface Field<Of> {
  readonly text: string
  readonly matches: (value: Of) => boolean
}

const monthNames = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** 7 has no name: `sun-sat` begins a week, `sat-sun` ends one. */
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

function item(
  min: number,
  max: number,
  cycle: number,
  names: readonly string[] = [],
): fc.Arbitrary<Field<number>> {
  const value = fc.integer({ min, max })
  const step = fc.integer({ min: 1, max: cycle })
  const written = (v: number, named: boolean) => (named ? (names[v] ?? String(v)) : String(v))
  const walk = (from: number, to: number, by: number) => (value: number) => {
    const last = to < from ? to + cycle : to
    for (let v = from; v <= last; v += by) if ((v - value) % cycle === 0) return true
    return false
  }
  return fc.oneof(
    { arbitrary: fc.constant({ text: '*', matches: () => true }), weight: 1 },
    {
      arbitrary: step.map((by) => ({ text: `*/${by}`, matches: walk(min, min + cycle - 1, by) })),
      weight: 2,
    },
    {
      arbitrary: fc
        .tuple(value, fc.boolean())
        .map(([v, named]) => ({ text: written(v, named), matches: walk(v, v, 1) })),
      weight: 4,
    },
    {
      arbitrary: fc.tuple(value, value, fc.boolean()).map(([from, to, named]) => ({
        text: `${written(from, named)}-${written(to, named)}`,
        matches: walk(from, to, 1),
      })),
      weight: 3,
    },
    {
      arbitrary: fc
        .tuple(value, value, step)
        .map(([from, to, by]) => ({ text: `${from}-${to}/${by}`, matches: walk(from, to, by) })),
      weight: 2,
    },
    {
      arbitrary: fc
        .tuple(value, step)
        .map(([from, by]) => ({ text: `${from}/${by}`, matches: walk(from, max, by) })),
      weight: 1,
    },
  )
}

function list<Of>(of: fc.Arbitrary<Field<Of>>): fc.Arbitrary<Field<Of>> {
  return fc.array(of, { minLength: 1, maxLength: 3 }).map((items) => ({
    text: items.map(({ text }) => text).join(','),
    matches: (value) => items.some(({ matches }) => matches(value)),
  }))
}

const wildcard = fc.constantFrom('*', '*', '*', '?').map((text) => ({ text, matches: () => true }))
const maybe = <Of>(of: fc.Arbitrary<Field<Of>>) => fc.oneof(wildcard, of)
const ofDay = ({ text, matches }: Field<number>, part: 'day' | 'weekday'): Field<WallMinute> => ({
  text,
  matches: (minute) => matches(minute[part]),
})

const monthDay = fc.oneof(
  { arbitrary: item(1, 31, 31).map((field) => ofDay(field, 'day')), weight: 5 },
  {
    arbitrary: fc
      .constantFrom('l', 'L')
      .map((text) => ({ text, matches: (at: WallMinute) => at.day === at.daysInMonth })),
    weight: 1,
  },
)

const weekDay = fc.oneof(
  { arbitrary: item(0, 7, 7, dayNames).map((field) => ofDay(field, 'weekday')), weight: 5 },
  {
    arbitrary: fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 5 })).map(([day, n]) => ({
      text: `${day}#${n}`,
      matches: (at: WallMinute) => at.weekday === day % 7 && at.day > 7 * (n - 1) && at.day <= 7 * n,
    })),
    weight: 1,
  },
  {
    arbitrary: fc.integer({ min: 0, max: 7 }).map((day) => ({
      text: `${day}L`,
      matches: (at: WallMinute) => at.weekday === day % 7 && at.day > at.daysInMonth - 7,
    })),
    weight: 1,
  },
)

/** Any schedule of the grammar that can happen in a month of 29 days. */
export const scheduleArbitrary: fc.Arbitrary<WrittenSchedule> = fc
  .record({
    minute: maybe(list(item(0, 59, 60))),
    hour: maybe(list(item(0, 23, 24))),
    monthDay: maybe(list(monthDay)),
    month: fc.oneof(
      { arbitrary: wildcard, weight: 3 },
      { arbitrary: list(item(1, 12, 12, monthNames)), weight: 1 },
    ),
    weekDay: maybe(list(weekDay)),
    second: fc.option(maybe(list(item(0, 59, 60)))),
  })
  .map(({ minute, hour, monthDay, month, weekDay, second }) => {
    const free = ({ text }: { readonly text: string }) => text === '*' || text === '?'
    const dayMatches = (at: WallMinute) =>
      free(monthDay) || free(weekDay)
        ? monthDay.matches(at) && weekDay.matches(at)
        : monthDay.matches(at) || weekDay.matches(at)
    const everySecond = Array.from({ length: 60 }, (_, i) => i)
    return {
      text: [minute, hour, monthDay, month, weekDay, ...(second ? [second] : [])]
        .map(({ text }) => text)
        .join(' '),
      matches: (at: WallMinute) =>
        month.matches(at.month) && dayMatches(at) && hour.matches(at.hour) && minute.matches(at.minute),
      seconds: second ? everySecond.filter((s) => second.matches(s)) : [0],
      everyHour: free(hour) || /^\*\/\d+$/.test(hour.text),
    }
  })
