import { describe, expect, it } from '@jest/globals'
import { runCli } from '../../src/cli.js'
import { runSisy } from '../run-sisy.js'

const next = async (...args: string[]) => nextIn({}, ...args)

async function nextIn(env: Readonly<Record<string, string>>, ...args: string[]): Promise<string[]> {
  const lines: string[] = []
  const code = await runCli(['node', 'sisy', 'next', ...args], {
    cwd: '/',
    env,
    clock: { now: () => new Date('2026-03-27T12:00Z') },
    interactive: false,
    print: (line) => lines.push(line),
  })
  expect(code).toBe(0)
  return lines
}

/** The lines of the runs alone. */
const runs = async (...args: string[]) => (await next(...args)).slice(3)

describe('sisy next', () => {
  it('shows five runs from now on, in UTC unless told otherwise', async () => {
    expect(await next('0 9 * * mon-fri')).toEqual([
      '0 9 * * mon-fri   UTC',
      'At 09:00, Monday through Friday',
      '',
      'Mon 2026-03-30 09:00:00 +00:00   2026-03-30T09:00:00Z',
      'Tue 2026-03-31 09:00:00 +00:00   2026-03-31T09:00:00Z',
      'Wed 2026-04-01 09:00:00 +00:00   2026-04-01T09:00:00Z',
      'Thu 2026-04-02 09:00:00 +00:00   2026-04-02T09:00:00Z',
      'Fri 2026-04-03 09:00:00 +00:00   2026-04-03T09:00:00Z',
    ])
  })

  it('reads the schedule in the zone of SISY_TIMEZONE, unless told otherwise', async () => {
    const env = { SISY_TIMEZONE: 'Asia/Tokyo' }
    expect((await nextIn(env, '@daily'))[0]).toBe('@daily   Asia/Tokyo')
    expect((await nextIn(env, '@daily', '--timezone', 'UTC'))[0]).toBe('@daily   UTC')
    expect((await nextIn({ SISY_TIMEZONE: ' ' }, '@daily'))[0]).toBe('@daily   UTC')
  })

  it('marks a run that clocks going forward move', async () => {
    expect(await runs('30 2 * * *', '--timezone', 'Europe/Madrid', '--count', '3')).toEqual([
      'Sat 2026-03-28 02:30:00 +01:00   2026-03-28T01:30:00Z',
      'Sun 2026-03-29 03:30:00 +02:00   2026-03-29T01:30:00Z   ← moved: clocks skip 2026-03-29 02:30:00',
      'Mon 2026-03-30 02:30:00 +02:00   2026-03-30T00:30:00Z',
    ])
  })

  it('marks a run whose time comes twice', async () => {
    expect(
      await runs('30 2 * * *', '--timezone', 'Europe/Madrid', '--after', '2026-10-25', '--count', '1'),
    ).toEqual([
      'Sun 2026-10-25 02:30:00 +02:00   2026-10-25T00:30:00Z   ← this time comes twice; it runs the first time only',
    ])
    expect(
      await runs('30 * * * *', '--timezone', 'Europe/Madrid', '--after', '2026-10-25T02:00', '--count', '3'),
    ).toEqual([
      'Sun 2026-10-25 02:30:00 +02:00   2026-10-25T00:30:00Z   ← this time comes twice; the first',
      'Sun 2026-10-25 02:30:00 +01:00   2026-10-25T01:30:00Z   ← this time comes twice; the second',
      'Sun 2026-10-25 03:30:00 +01:00   2026-10-25T02:30:00Z',
    ])
  })

  it('shows offsets of half an hour, and a day that never was', async () => {
    expect(
      await runs('15 2 * * *', '--timezone', 'Australia/Lord_Howe', '--after', '2026-10-04', '--count', '1'),
    ).toEqual([
      'Sun 2026-10-04 02:45:00 +11:00   2026-10-03T15:45:00Z   ← moved: clocks skip 2026-10-04 02:15:00',
    ])
    expect(
      await runs('0 9 * * fri', '--timezone', 'Pacific/Apia', '--after', '2011-12-24', '--count', '1'),
    ).toEqual([
      'Sat 2011-12-31 09:00:00 +14:00   2011-12-30T19:00:00Z   ← moved: clocks skip 2011-12-30 09:00:00',
    ])
  })

  it('takes --after with an offset as an instant', async () => {
    const zone = ['--timezone', 'Asia/Tokyo', '--count', '1']
    expect(await runs('0 * * * *', ...zone, '--after', '2026-05-04T10:00:00+02:00')).toEqual([
      'Mon 2026-05-04 18:00:00 +09:00   2026-05-04T09:00:00Z',
    ])
    expect(await runs('0 * * * *', ...zone, '--after', '2026-05-04T10:00')).toEqual([
      'Mon 2026-05-04 11:00:00 +09:00   2026-05-04T02:00:00Z',
    ])
  })

  it('tells when the heartbeat is slower than the schedule', async () => {
    expect((await runs('* * * * * */10', '--count', '1')).slice(1)).toEqual([
      '',
      expect.stringMatching(
        /^With the heartbeat's default period: .* instants 10 s apart, .* at most every 60 s/,
      ),
    ])
  })

  it('says so when the calendar ends', async () => {
    expect(await runs('0 0 1 1 *', '--after', '9999-06-01')).toEqual(['No run before the year 10000.'])
  })

  it('prints JSON', async () => {
    const printed = await next('30 2 * * *', '--timezone', 'Europe/Madrid', '--count', '2', '--json')
    expect(JSON.parse(printed.join('\n'))).toEqual({
      schedule: '30 2 * * *',
      timezone: 'Europe/Madrid',
      words: 'At 02:30',
      warning: null,
      runs: [
        { utc: '2026-03-28T01:30:00.000Z', local: '2026-03-28T02:30:00+01:00', clockEffect: null },
        {
          utc: '2026-03-29T01:30:00.000Z',
          local: '2026-03-29T03:30:00+02:00',
          clockEffect: { kind: 'moved', skipped: '2026-03-29T02:30:00' },
        },
      ],
    })
  })

  it.each([
    [['61 * * * *'], 'minute field "61" is out of range 0-59 in "61 * * * *"'],
    [['* * *'], 'schedule "* * *" has 3 fields; write 5 fields'],
    [['0 0 31 2 *'], 'schedule "0 0 31 2 *" never happens'],
    [['@daily', '--timezone', 'madrid'], 'did you mean "Europe/Madrid"?'],
    [['@daily', '--count', '0'], '--count is "0"; give a whole number from 1 to 1000.'],
    [['@daily', '--count', '1e2'], '--count is "1e2"'],
    [['@daily', '--count', '1001'], '--count is "1001"'],
    [['@daily', '--after', 'tomorrow'], '--after is "tomorrow"; give a date such as 2026-03-29'],
    [['@daily', '--after', '2026-02-30'], '--after is "2026-02-30"'],
    [['@daily', '--after', '2026-03-29T24:00'], '--after is "2026-03-29T24:00"'],
    [['@daily', '--after', '2026-03-29T10:00+25:00'], '--after is'],
    [['@daily', '--after', '2026-03-29T24:30'], '--after is "2026-03-29T24:30"'],
  ])('refuses %j', async (args, message) => {
    await expect(next(...args)).rejects.toThrow(message)
  })

  it('tells of a refusal in one line and exits with 1', async () => {
    expect(await runSisy('.', ['next', '61 * * * *'])).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: 'sisy: minute field "61" is out of range 0-59 in "61 * * * *"\n',
    })
  })

  it('does not depend on the zone of the machine', async () => {
    const args = ['next', '30 2 * * *', '--after', '2026-03-07T12:00', '--count', '1']
    const { stdout } = await runSisy('.', args, { TZ: 'America/New_York' })
    expect(stdout).toContain('Sun 2026-03-08 02:30:00 +00:00   2026-03-08T02:30:00Z\n')
  })
})
