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

  test('holds no password of a connection string, in the middle of whatever', () => {
    const url = 'postgres://me:hunter2@db/app?sslkey=hunter2'
    const cause = Object.assign(new Error(`cause ${url}`), { code: url })
    const error = new Error(`${'x'.repeat(9_980)} ${url}`, { cause })
    error.name = url
    const record = errorRecord(error)
    expect(record).toMatchObject({
      name: 'postgres://me:***@db/app?sslkey=***',
      cause: { message: 'cause postgres://me:***@db/app?sslkey=***' },
    })
    expect(JSON.stringify([record, errorRecord({ url }), errorRecord(url)])).not.toContain('hunter2')
  })

  test('takes no time for a text made to take it', () => {
    const hostile = ['a.'.repeat(500_000), 'a://b:'.repeat(200_000), '?key&'.repeat(200_000)].join('')
    expect(errorRecord(new Error(hostile)).message).toHaveLength(10_001)
  })

  test('is capped, and holds only what jsonb can', () => {
    const { message } = errorRecord(new Error(`a\0b\ud800c${'x'.repeat(20_000)}`))
    expect(message).toMatch(/^a\u2400b\ufffdcx+…$/)
    expect(message).toHaveLength(10_001)
    expect(errorRecord(new Error(`${'x'.repeat(9_999)}😀`)).message.isWellFormed()).toBe(true)
  })
})
