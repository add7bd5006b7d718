import { expect, test } from '@jest/globals'
import { Discard, InvalidTaskError, Snooze } from '@sisy/core'
import { isDiscard, isSnooze } from '@sisy/core/internal'
import { createRequire } from 'node:module'

test('Discard and Snooze are told from each other and from errors', () => {
  expect([isDiscard(new Discard('why')), isSnooze(new Discard('why'))]).toEqual([true, false])
  expect([isDiscard(new Snooze(5)), isSnooze(new Snooze(5))]).toEqual([false, true])
  for (const other of [new Error('x'), null, undefined, 'x', {}]) {
    expect([isDiscard(other), isSnooze(other)]).toEqual([false, false])
  }
})

test('they are told across copies of the module', () => {
  const copy = createRequire(import.meta.url)('../../dist/cjs/index.cjs') as {
    Discard: typeof Discard
    Snooze: typeof Snooze
  }
  expect(copy.Discard).not.toBe(Discard)
  expect(isDiscard(new copy.Discard('why'))).toBe(true)
  expect(isSnooze(new copy.Snooze(1))).toBe(true)
})

test('Snooze refuses what is no delay', () => {
  for (const ms of [-1, NaN, Infinity]) expect(() => new Snooze(ms)).toThrow(InvalidTaskError)
})
