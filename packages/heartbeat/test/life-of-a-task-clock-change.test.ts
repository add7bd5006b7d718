import { expect, test } from '@jest/globals'
import { openLife } from './task-life.js'

interface Days {
  readonly schedule: string
  readonly timezone: string
  readonly from: string
  readonly until: string
}

/** Each instant with the offset that the zone's clocks have then, as the tests write it. */
async function runsOf({ schedule, timezone, from, until }: Days): Promise<Date[]> {
  await using life = await openLife(from)
  await life.create({ schedule, timezone })
  await life.live(until)
  return life.ran.map((dueAt) => new Date(dueAt))
}

const instants = (...texts: string[]) => texts.map((text) => new Date(text))

const madridSpring = {
  timezone: 'Europe/Madrid',
  from: '2031-03-29T00:00+01:00',
  until: '2031-03-31T23:00+02:00',
}
const madridAutumn = {
  timezone: 'Europe/Madrid',
  from: '2031-10-25T00:00+02:00',
  until: '2031-10-27T23:00+01:00',
}

test('in Madrid a run that is skipped in spring is moved', async () => {
  expect(await runsOf({ ...madridSpring, schedule: '30 2 * * *' })).toEqual(
    instants('2031-03-29T02:30+01:00', '2031-03-30T03:30+02:00', '2031-03-31T02:30+02:00'),
  )
})

test('in Madrid a run whose time comes twice in autumn is not doubled', async () => {
  expect(await runsOf({ ...madridAutumn, schedule: '30 2 * * *' })).toEqual(
    instants('2031-10-25T02:30+02:00', '2031-10-26T02:30+02:00', '2031-10-27T02:30+01:00'),
  )
})

test('in Madrid a run of every hour follows the clocks through both passes', async () => {
  const night = { timezone: 'Europe/Madrid', from: '2031-10-26T01:45+02:00', until: '2031-10-26T03:45+01:00' }
  expect(await runsOf({ ...night, schedule: '30 * * * *' })).toEqual(
    instants('2031-10-26T02:30+02:00', '2031-10-26T02:30+01:00', '2031-10-26T03:30+01:00'),
  )
})

test('in Asuncion, where clocks changed at midnight, a day has its run', async () => {
  const spring = {
    timezone: 'America/Asuncion',
    from: '2023-09-30T12:00-04:00',
    until: '2023-10-02T12:00-03:00',
  }
  expect(await runsOf({ ...spring, schedule: '0 0 * * *' })).toEqual(
    instants('2023-10-01T01:00-03:00', '2023-10-02T00:00-03:00'),
  )
})

test('in Asuncion, where an evening came twice, it has one run', async () => {
  const autumn = {
    timezone: 'America/Asuncion',
    from: '2024-03-23T12:00-03:00',
    until: '2024-03-25T12:00-04:00',
  }
  expect(await runsOf({ ...autumn, schedule: '30 23 * * *' })).toEqual(
    instants('2024-03-23T23:30-03:00', '2024-03-24T23:30-04:00'),
  )
})
