import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { nextRuns } from '../../src/schedule/next-runs.js'

interface CronCase {
  readonly schedule: string
  readonly after: string
  readonly next: readonly string[]
}

const file = fileURLToPath(new URL('cron-cases.json', import.meta.url))
const cases = JSON.parse(readFileSync(file, 'utf8')) as CronCase[]

test.each(cases)('$schedule after $after', ({ schedule, after, next }) => {
  const runs = nextRuns(schedule, { after: new Date(after), count: next.length })
  expect(runs).toEqual(next.map((instant) => new Date(instant)))
})

test('there are 120 of them', () => {
  expect(cases).toHaveLength(120)
})
