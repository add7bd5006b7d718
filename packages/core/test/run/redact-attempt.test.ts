import { expect, test } from '@jest/globals'
import { redactOutcome, type Outcome } from '@sisy/core/internal'

const redact = (text: string) => text.replaceAll('secret', '…')
const error = {
  name: 'secret 1',
  message: 'secret 2',
  code: 'secret 3',
  stack: 'secret 4',
  cause: { name: 'Error', message: 'a secret cause' },
}

test.each<Outcome>([
  { kind: 'error', error },
  { kind: 'timeout', error },
  { kind: 'memory', error },
  { kind: 'crashed', error, exitCode: 1, signal: null },
  { kind: 'missing', error },
  { kind: 'discard', reason: 'a secret reason' },
])('redacts every text of %p', (outcome) => {
  const text = JSON.stringify(redactOutcome(outcome, redact))
  expect(text).toBe(JSON.stringify(outcome).replaceAll('secret', '…'))
})

test.each<Outcome>([
  { kind: 'ok', result: 'a secret result' },
  { kind: 'cancelled' },
  { kind: 'snooze', ms: 5 },
])('leaves %p as it is', (outcome) => {
  expect(redactOutcome(outcome, redact)).toBe(outcome)
})
