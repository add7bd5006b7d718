import { expect, test } from '@jest/globals'
import { createRunIds } from '@sisy/core/internal'

test('run ids are UUIDs version 7 of their instant, ascending, and never twice', () => {
  const now = new Date('2030-01-01T00:00:00Z')
  const later = new Date(now.getTime() + 1)
  const newRunId = createRunIds()
  const made = (at: Date) => Array.from({ length: 1_000 }, () => newRunId(at))
  const ids = [...made(now), ...made(later), ...made(now)]
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  expect(parseInt((ids[0] ?? '').replaceAll('-', '').slice(0, 12), 16)).toBe(now.getTime())
  expect(ids).toEqual(ids.toSorted())
  expect(new Set(ids).size).toBe(3_000)
})
