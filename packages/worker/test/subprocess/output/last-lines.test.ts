import { expect, test } from '@jest/globals'
import { createLastLines } from '../../../src/subprocess/output/last-lines.js'

test('the last 40 lines are kept, oldest first, 500 characters of each', () => {
  const lines = createLastLines()
  lines.add(
    Array.from({ length: 35 }, (_, index) => `a ${index}`),
    35,
  )
  lines.add([...Array.from({ length: 9 }, (_, index) => `b ${index}`), 'x'.repeat(501)], 10)
  expect(lines.read()).toEqual([
    ...Array.from({ length: 30 }, (_, index) => `a ${index + 5}`),
    ...Array.from({ length: 9 }, (_, index) => `b ${index}`),
    'x'.repeat(500),
  ])
})

test('it calls back once, when as many whole lines have arrived as were written', () => {
  const lines = createLastLines()
  let calls = 0
  lines.add(['one'], 1)
  lines.whenArrived(3, () => (calls += 1))
  lines.add(['a piece of two'], 0)
  lines.add(['the rest of two'], 1)
  expect(calls).toBe(0)
  lines.add(['three', 'four'], 2)
  lines.add(['five'], 1)
  expect(calls).toBe(1)
})

test('it calls back at once when nothing is on its way', () => {
  let calls = 0
  createLastLines().whenArrived(0, () => (calls += 1))
  expect(calls).toBe(1)
})
