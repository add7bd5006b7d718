import { expect, test } from '@jest/globals'
import type { LogLevel } from '@sisy/core'
import { createLogger, type Outcome } from '@sisy/core/internal'
import { settableClock } from '@sisy/test-kit'
import { Writable } from 'node:stream'
import { createRunAbort } from '../src/active-run.js'
import { createRunLog } from '../src/run-log.js'
import { endOf, type StateNow } from '../src/run-pipeline.js'

const instant = new Date('2026-01-01T00:00:00Z')
const levels: Record<number, string> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' }

const run = {
  id: 'id',
  taskId: null,
  label: 'work',
  callable: 'work',
  modelName: null,
  modelKey: null,
  userdata: {},
  oversize: null,
  queue: 'default',
  dueAt: instant,
  claimedBefore: false,
  attempt: 1,
  maxAttempts: 2,
  backoff: null,
  timeoutSeconds: null,
  onMissingRecord: 'fail',
  uniqueKey: null,
}

const ok: Outcome = { kind: 'ok', result: null }
const threw: Outcome = { kind: 'error', error: { name: 'Error', message: 'broken' } }
const timeout: Outcome = { kind: 'timeout', error: { name: 'RunTimeoutError', message: 'too long' } }

interface Told {
  readonly state?: StateNow
  readonly attempt?: number
  /** Whether user code had begun. */
  readonly begun?: boolean
}

interface Line {
  readonly level: number
  readonly msg: string
  readonly error?: unknown
}

/** A run log, the lines it wrote, and how often each text was written, without what differs from run to run. */
function openLog(level: LogLevel = 'debug') {
  const lines: string[] = []
  const errors: unknown[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const { level: number, msg, error } = JSON.parse(chunk.toString()) as Line
      lines.push(`${levels[number]}: ${msg}`)
      errors.push(error)
      done()
    },
  })
  const clock = settableClock(instant)
  const log = createRunLog({ logger: createLogger({ name: 'test', level, stream }), clock })

  function end(count: number, outcome: Outcome, { state, attempt = 1, begun = true }: Told = {}): void {
    for (let n = 0; n < count; n += 1) {
      const active = {
        run: { ...run, attempt },
        leaseToken: 'token',
        task: null,
        place: -1,
        giveUpAt: 0,
        markAt: Infinity,
        locking: null,
        startedAt: begun ? instant : null,
        abort: createRunAbort(),
      }
      const facts = { pid: null, peakMemory: null, cpuMs: null, output: [] }
      const options = { clock, workerId: 'worker', random: () => 1 }
      const ended = endOf(active, { outcome, facts, child: null, durationMs: 0 }, options as never)
      log.ended(ended, state === undefined ? ended.transition.state : state)
    }
  }

  function counts(): Record<string, number> {
    const told: Record<string, number> = {}
    for (const line of lines.splice(0)) told[line] = (told[line] ?? 0) + 1
    return told
  }

  return { clock, log, end, counts, errors }
}

const name = (attempt: number) => `work (run id, attempt ${attempt} of 2)`
const succeeded = `info: ${name(1)} succeeded in 0 ms.`
const retried = `warn: ${name(1)} threw: broken; it is tried again at 2026-01-01T00:00:01.000Z.`
const failed = `error: ${name(2)} threw: broken; it has failed for good.`

test('tells fifty of each kind one by one, and at the end of the second how many more there were', () => {
  const { clock, end, counts } = openLog()
  end(51, ok)
  end(1_050, threw)
  end(70, threw, { attempt: 2 })
  end(50, timeout, { attempt: 2 })
  end(60, ok, { state: null })
  end(60, { kind: 'discard', reason: 'no use' })
  expect(counts()).toEqual({
    [succeeded]: 50,
    [retried]: 50,
    [failed]: 50,
    [`error: ${name(2)} ran out of time: too long; it has failed for good.`]: 50,
    [`warn: ${name(1)}: the lease was lost, so nothing was saved; another worker takes it over.`]: 50,
    [`error: ${name(1)} was discarded: no use; it has failed for good.`]: 50,
  })
  clock.advance(999)
  expect(counts()).toEqual({})
  clock.advance(1)
  expect(counts()).toEqual({
    'info: 1 more runs succeeded within a second.': 1,
    'warn: 1000 more runs threw within a second.': 1,
    'error: 20 more runs threw and failed for good within a second.': 1,
    'warn: 10 more runs lost their lease within a second.': 1,
    'error: 10 more runs were discarded and failed for good within a second.': 1,
  })
  expect(clock.pending).toBe(0)
})

test('a failure is told at once among successes and failures of other kinds, and again in the next second', () => {
  const { clock, end, counts } = openLog()
  end(1_000, ok)
  end(1_000, threw)
  counts()
  end(1, threw, { attempt: 2 })
  expect(counts()).toEqual({ [failed]: 1 })
  clock.advance(1_000)
  counts()
  end(50, threw)
  expect(Object.values(counts())).toEqual([50])
  clock.advance(1_000)
  expect(counts()).toEqual({})
})

test('what was given back before it began stays a matter of debugging', () => {
  const { log, end, counts } = openLog()
  end(51, { kind: 'evicted' }, { begun: false })
  end(51, { kind: 'evicted' })
  log.flush()
  const told = Object.entries(counts()).map(([line, count]) => [line.replace(/: .*not begin.*/, ''), count])
  expect(told).toEqual([
    ['debug', 50],
    ['warn', 50],
    ['debug: 1 more runs were given back and not counted within a second.', 1],
    ['warn: 1 more runs were given back and not counted within a second.', 1],
  ])
})

test('a flush tells what is left, once', () => {
  const { clock, log, end, counts } = openLog()
  end(52, threw)
  counts()
  log.flush()
  expect(counts()).toEqual({ 'warn: 2 more runs threw within a second.': 1 })
  expect(clock.pending).toBe(0)
  log.flush()
  expect(counts()).toEqual({})
})

test('what the level leaves out is not counted either', () => {
  const { clock, end, counts } = openLog('error')
  end(60, ok)
  end(60, threw)
  expect(clock.pending).toBe(0)
  end(60, threw, { attempt: 2 })
  clock.advance(1_000)
  expect(counts()).toEqual({
    [failed]: 50,
    'error: 10 more runs threw and failed for good within a second.': 1,
  })
})

test('what user code threw is told with its stack', () => {
  const { end, errors } = openLog()
  end(1, { kind: 'error', error: { name: 'Error', message: 'broken', stack: 'Error: broken\n    at work' } })
  end(1, timeout)
  end(1, ok)
  expect(errors).toEqual([
    { name: 'Error', message: 'broken', stack: 'Error: broken\n    at work' },
    undefined,
    undefined,
  ])
})
