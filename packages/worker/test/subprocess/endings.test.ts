import { expect, test } from '@jest/globals'
import type { ChildEndCause, PoolOptions, PoolOutcome, RunOptions } from '@sisy/worker/pool'
import { expectGone, openPool, type Deed } from './open-pool.js'
import { isAlive } from './processes.js'

const mebibyte = 2 ** 20

interface Ending {
  readonly deed: Deed
  readonly options?: Partial<PoolOptions>
  readonly run?: RunOptions
  /** What the outcome is like. */
  readonly outcome: { readonly kind: PoolOutcome<unknown>['kind']; readonly [member: string]: unknown }
  /** Why its process ended; null if it goes on. */
  readonly cause: ChildEndCause | null
  /** How its process ended. */
  readonly exit?: { readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }
}

const timeout = { timeoutMs: 50 }
const killed = { exitCode: null, signal: 'SIGKILL' } as const
const limited = { maxMemory: 140 * mebibyte, recycleMemory: 120 * mebibyte }

const endings: Record<string, Ending> = {
  returns: { deed: { do: 'returns', value: 7 }, outcome: { kind: 'ok', value: 7 }, cause: null },
  throws: {
    deed: { do: 'throws', message: 'out of range' },
    outcome: { kind: 'error', thrown: expect.objectContaining({ message: 'out of range', code: 'E_TEST' }) },
    cause: null,
  },
  'throws a value that is no error': {
    deed: { do: 'throwsValue', value: { reason: 'none' } },
    outcome: { kind: 'error', thrown: { reason: 'none' } },
    cause: null,
  },
  'throws what nobody may look at': {
    deed: { do: 'throwsHostile' },
    outcome: { kind: 'error', thrown: expect.any(String) },
    cause: null,
  },
  'rejects late': {
    deed: { do: 'rejectsLate' },
    outcome: { kind: 'error', thrown: expect.objectContaining({ message: 'late' }) },
    cause: null,
  },
  'returns what cannot be cloned': {
    deed: { do: 'returnsUnclonable' },
    outcome: {
      kind: 'error',
      thrown: expect.objectContaining({ message: expect.stringContaining('cannot be sent') }),
    },
    cause: null,
  },
  'returns 50 MB': {
    deed: { do: 'returnsMegabytes', megabytes: 50 },
    outcome: { kind: 'ok', value: expect.stringMatching(/^x+$/) },
    cause: null,
  },
  'sends messages of its own': {
    deed: { do: 'sendsNonsense' },
    outcome: { kind: 'ok', value: 'sane' },
    cause: null,
  },
  'process.exit(0)': {
    deed: { do: 'exits', code: 0 },
    outcome: { kind: 'crashed', exitCode: 0, signal: null },
    cause: 'crashed',
  },
  'process.exit(7)': {
    deed: { do: 'exits', code: 7 },
    outcome: { kind: 'crashed', exitCode: 7, signal: null },
    cause: 'crashed',
  },
  'process.abort()': {
    deed: { do: 'aborts' },
    outcome: { kind: 'crashed', exitCode: null, signal: 'SIGABRT' },
    cause: 'crashed',
  },
  'process.disconnect()': {
    deed: { do: 'disconnects' },
    outcome: { kind: 'crashed' },
    cause: 'crashed',
  },
  'an exception in a timer': {
    deed: { do: 'throwsInTimer' },
    outcome: {
      kind: 'crashed',
      exitCode: 1,
      thrown: expect.objectContaining({ message: 'in a timer' }),
    },
    cause: 'crashed',
  },
  'a rejection nobody handles': {
    deed: { do: 'rejectsUnhandled' },
    outcome: {
      kind: 'crashed',
      exitCode: 1,
      thrown: expect.objectContaining({ message: 'nobody handles it' }),
    },
    cause: 'crashed',
  },
  'V8 out of memory': {
    deed: { do: 'fillsHeap' },
    options: { execArgv: ['--max-old-space-size=32'] },
    outcome: { kind: 'crashed', signal: 'SIGABRT' },
    cause: 'crashed',
  },
  'an infinite loop': {
    deed: { do: 'loops' },
    options: { graceMs: 50 },
    run: timeout,
    outcome: { kind: 'aborted', reason: expect.objectContaining({ code: 'POOL_TIMEOUT' }) },
    cause: 'overrun',
    exit: killed,
  },
  'a hang': {
    deed: { do: 'hangs' },
    options: { graceMs: 50 },
    run: timeout,
    outcome: { kind: 'aborted', reason: expect.objectContaining({ code: 'POOL_TIMEOUT' }) },
    cause: 'overrun',
    exit: { exitCode: 143, signal: null },
  },
  'a rejection upon its timeout': {
    deed: { do: 'rejectsOnAbort' },
    run: timeout,
    outcome: { kind: 'aborted', reason: expect.objectContaining({ code: 'POOL_TIMEOUT' }) },
    cause: null,
  },
  'a return upon its timeout': {
    deed: { do: 'returnsOnAbort' },
    run: timeout,
    outcome: { kind: 'ok', value: { name: 'PoolTimeoutError', code: 'POOL_TIMEOUT' } },
    cause: null,
  },
  'a leak of 50 MB/s': {
    deed: { do: 'leaks' },
    options: limited,
    outcome: { kind: 'memory', maxMemory: limited.maxMemory, residentBytes: expect.any(Number) },
    cause: 'memory',
    exit: killed,
  },
  'a burst that it keeps': {
    deed: { do: 'keeps', megabytes: 300, file: '/nowhere' },
    options: limited,
    outcome: { kind: 'memory', maxMemory: limited.maxMemory, residentBytes: expect.any(Number) },
    cause: 'memory',
    exit: killed,
  },
}

test.each(Object.entries(endings))('%s', async (_, { deed, options, run, outcome, cause, exit }) => {
  await using test = openPool({ processes: 2, ...options })
  const { pool, pids, ends } = test
  await test.ready(2)
  const gate = test.file('gate')
  const neighbour = pool.begin({ do: 'waits', file: gate.path, value: 'unharmed' })
  const culprit = pool.begin(deed, { name: 'culprit', ...run })
  const later = [1, 2, 3].map((value) => pool.run({ do: 'returns', value }))

  const ended = await culprit.ended
  expect(ended).toMatchObject({ name: 'culprit', pid: expect.any(Number), ...outcome })
  expect(pids).toContain(ended.pid)
  expect(await Promise.all(later)).toEqual([1, 2, 3])
  gate.write()
  expect(await neighbour.ended).toMatchObject({ kind: 'ok', value: 'unharmed' })
  expect((await neighbour.ended).pid).not.toBe(ended.pid)

  if (cause === null) {
    expect(ends).toEqual([])
    expect(isAlive(ended.pid!)).toBe(true)
  } else {
    expect(ends).toEqual([expect.objectContaining({ pid: ended.pid, cause, runs: ['culprit'], ...exit })])
  }
  await pool.stop()
  expect(ends.slice(cause === null ? 0 : 1).map((end) => end.cause)).toEqual(['stopped', 'stopped'])
  expectGone(pids)
})

test('SIGKILL from outside', async () => {
  await using test = openPool()
  const began = test.file('began')
  const run = test.pool.begin({ do: 'beginsAndWaits', began: began.path, file: '/nowhere' })
  const pid = Number(await began.written())
  process.kill(pid, 'SIGKILL')
  expect(await run.ended).toMatchObject({ kind: 'crashed', exitCode: null, signal: 'SIGKILL', pid })
  expect(test.ends).toMatchObject([{ cause: 'crashed', pid, signal: 'SIGKILL' }])
})

test('a value that cannot be cloned is refused at once', async () => {
  await using test = openPool()
  await expect(test.pool.run({ do: 'returns', value: () => {} })).rejects.toMatchObject({
    name: 'DataCloneError',
  })
  await expect(test.pool.run({ do: 'returns', value: 1 })).resolves.toBe(1)
})

test('what rejects has the stack and the members of what was thrown', async () => {
  await using test = openPool()
  const thrown = await test.pool.run({ do: 'throws', message: 'm' }).catch((error: unknown) => error)
  expect(thrown).toMatchObject({ name: 'RangeError', code: 'E_TEST', detail: { depth: [1] } })
  expect(thrown).toHaveProperty('stack', expect.stringContaining('pool-module.mjs'))
})
