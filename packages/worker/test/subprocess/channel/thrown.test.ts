import { expect, test } from '@jest/globals'
import { errorOf, fromThrown, toThrown } from '../../../src/subprocess/channel/thrown.js'

const sent = (thrown: unknown): unknown =>
  fromThrown(JSON.parse(JSON.stringify(toThrown(thrown))) as ReturnType<typeof toThrown>)

test('an error arrives with its name, message, stack, members and cause', () => {
  const error = Object.assign(new TypeError('wrong', { cause: new Error('because') }), {
    code: 'E_WRONG',
    meta: { model: 'Task' },
  })
  const arrived = sent(error)
  expect(arrived).toBeInstanceOf(Error)
  expect(arrived).toMatchObject({
    name: 'TypeError',
    message: 'wrong',
    stack: error.stack,
    code: 'E_WRONG',
    meta: { model: 'Task' },
    cause: { message: 'because' },
  })
})

test.each([[undefined], [null], [0], [''], ['text'], [{ reason: 1 }], [new Map([[1, 2]])]])(
  '%p arrives as it is',
  (thrown) => {
    expect(sent(thrown)).toEqual(thrown)
  },
)

test('what an error cannot carry is left out', () => {
  const error = new Error('big')
  Object.assign(error, { amount: 10n, self: error, call: () => {} })
  expect(sent(error)).toMatchObject({ message: 'big', stack: error.stack })
})

test.each<[string, unknown, unknown]>([
  ['a function', () => {}, expect.stringContaining('Function')],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['an object with a function', { call: () => {} }, expect.stringContaining('call')],
])('%s arrives as its text', (_, thrown, text) => {
  expect(sent(thrown)).toEqual(text)
})

test('an error that throws when it is looked at arrives somehow', () => {
  const hostile = Object.defineProperty(new Error('x'), 'message', {
    get: () => {
      throw new Error('no')
    },
  })
  expect(() => sent(hostile)).not.toThrow()
})

test('a place that wants an error gets one', () => {
  const error = new Error('itself')
  expect(errorOf(error)).toBe(error)
  expect(errorOf({ reason: 1 })).toMatchObject({ message: '{ reason: 1 }', cause: { reason: 1 } })
})
