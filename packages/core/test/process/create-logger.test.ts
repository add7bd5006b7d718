import { expect, it } from '@jest/globals'
import { PassThrough } from 'node:stream'
import { createLogger } from '../../src/process/create-logger.js'

it('writes one JSON object per line where nobody looks on', () => {
  const stream = new PassThrough()
  createLogger({ level: 'info', name: 'sisy-worker', stream }).info({ runId: 'r1' }, 'started')
  expect(JSON.parse(String(stream.read()))).toMatchObject({
    name: 'sisy-worker',
    runId: 'r1',
    msg: 'started',
  })
})

it('writes for people on a terminal', () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true })
  createLogger({ level: 'info', name: 'sisy-worker', stream }).info({ runId: 'r1' }, 'started')
  const written = String(stream.read())
  expect(written).toContain('started')
  expect(written).not.toContain('{"')
})

it('prints no secret of an error, nor of what it carries', () => {
  const stream = new PassThrough()
  const url = 'postgres://me:hun#ter2@db/app'
  const cause = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: url })
  const err = new Error(`cannot reach ${url}`, { cause })
  createLogger({ level: 'info', name: 'sisy-worker', stream }).error({ err }, 'failed')
  const line = String(stream.read())
  expect(line).not.toContain('ter2')
  expect(JSON.parse(line)).toMatchObject({
    err: {
      name: 'Error',
      message: 'cannot reach postgres://me:***@db/app',
      stack: expect.stringContaining('create-logger.test'),
      cause: { message: 'Invalid URL', code: 'ERR_INVALID_URL' },
    },
  })
})

it('leaves out what is below its level', () => {
  const stream = new PassThrough()
  createLogger({ level: 'warn', name: 'sisy-worker', stream }).info('started')
  expect(stream.read()).toBeNull()
})
