import { expect, test } from '@jest/globals'
import { safeRedact, type Redact } from '@sisy/core/internal'
import { recordedLog } from '@sisy/test-kit'

const failed = '(redacted: the redact function failed)'

test('takes out what the function does, and leaves what can be stored', () => {
  const { logger, messages } = recordedLog()
  const redact = safeRedact((text) => text.replace('x', '\0'), logger)
  expect(redact('axb')).toBe('a\u2400b')
  expect(safeRedact(undefined, logger)('axb')).toBe('axb')
  expect(messages).toEqual([])
})

test.each<[string, Redact, string]>([
  [
    'throws',
    (text) => {
      throw new TypeError(`no way: ${text}`)
    },
    'threw a TypeError',
  ],
  ['returns no text', (() => 5) as unknown as Redact, 'returned a value of type number'],
  ['returns nothing', (() => undefined) as unknown as Redact, 'returned undefined'],
  ['takes its time', (async (text: string) => text) as unknown as Redact, 'returned a value of type object'],
])('leaves the whole text out when the function %s, and says so once', (_, given, how) => {
  const { logger, messages } = recordedLog()
  const redact = safeRedact(given, logger)
  expect([redact('secret'), redact('secret')]).toEqual([failed, failed])
  expect(messages).toEqual([`The redact function ${how}; texts it fails for are left out as a whole.`])
})
