import { describe, expect, test } from '@jest/globals'
import { errorRecord } from '@sisy/core/internal'

describe('errorRecord', () => {
  test('keeps name, message, code and stack', () => {
    const error = Object.assign(new TypeError('bad'), { code: 'E_BAD' })
    expect(errorRecord(error)).toEqual({
      name: 'TypeError',
      message: 'bad',
      code: 'E_BAD',
      stack: error.stack,
    })
  })

  test('leaves out a code that is no text, and a stack that is not there', () => {
    const error = Object.assign(new Error('bad'), { code: 5 })
    delete error.stack
    expect(errorRecord(error)).toEqual({ name: 'Error', message: 'bad' })
  })

  test('takes whatever stands in place of name and message', () => {
    const odd = Object.assign(new Error('bad'), { name: 42, message: { status: 404 } })
    delete odd.stack
    expect(errorRecord(odd)).toEqual({ name: '42', message: '[object Object]' })
  })

  test('shows what is thrown instead of an error', () => {
    expect(errorRecord({ status: 404 })).toEqual({ name: 'NonError', message: '{ status: 404 }' })
    expect(errorRecord(undefined)).toEqual({ name: 'NonError', message: 'undefined' })
  })

  test('is capped, and holds only what jsonb can', () => {
    const { message } = errorRecord(new Error(`a\0b\ud800c${'x'.repeat(20_000)}`))
    expect(message).toMatch(/^a\u2400b\ufffdcx+…$/)
    expect(message).toHaveLength(10_001)
    expect(errorRecord(new Error(`${'x'.repeat(9_999)}😀`)).message.isWellFormed()).toBe(true)
  })
})
