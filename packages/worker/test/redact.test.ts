import { describe, expect, test } from '@jest/globals'
import { Discard } from '@sisy/core'
import { openTestApp } from './test-app.js'

const callables = {
  broken: () => {
    const cause = new Error('cannot reach postgres://me:hunter2@db/app of 4111111111111111')
    throw new Error('card 4111111111111111', { cause })
  },
  given: () => {
    throw new Discard('card 4111111111111111 is gone')
  },
}

/** Every text that is left of a broken and a discarded run: in their rows, the log and what the app was told. */
async function texts(redact?: (text: string) => string): Promise<string> {
  await using app = await openTestApp(callables)
  const told: unknown[] = []
  await app.prisma.task.runOnce('broken', { maxAttempts: 1 })
  await app.prisma.task.runOnce('given')
  await app.worker({ redact, onOutcome: (_, outcome) => told.push(outcome) }).drain()
  const rows = await app.base.taskRun.findMany({ select: { state: true, attempts: true } })
  expect(rows).toMatchObject([{ state: 'failed' }, { state: 'failed' }])
  expect(told).toHaveLength(2)
  return JSON.stringify([rows, told, app.log.messages])
}

describe('what an attempt leaves', () => {
  test('holds no password of a connection string', async () => {
    const left = await texts()
    expect(left).not.toContain('hunter2')
    expect(left).toContain('postgres://me:***@db/app of 4111111111111111')
  })

  test('is redacted in its row, in the log and for onOutcome', async () => {
    const left = await texts((text) => text.replaceAll('4111111111111111', '(card)'))
    expect(left).not.toContain('4111111111111111')
    expect(left).toContain('card (card) is gone')
    expect(left).toContain('postgres://me:***@db/app of (card)')
  })

  test('is left out where that fails', async () => {
    const left = await texts(() => {
      throw new Error('no')
    })
    expect(left).not.toContain('4111111111111111')
    expect(left).toContain('(redacted: the redact function failed)')
  })
})
