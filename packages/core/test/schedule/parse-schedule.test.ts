import { describe, expect, test } from '@jest/globals'
import { InvalidScheduleError } from '../../src/errors/errors.js'
import { parseSchedule } from '../../src/schedule/parse-schedule.js'

const every = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('what is accepted', () => {
  test('five fields; the second is 0', () => {
    expect(parseSchedule('  30 0 * * *\t')).toEqual({
      text: '30 0 * * *',
      seconds: [0],
      minutes: [30],
      hours: [0],
      months: every(1, 12),
      monthDays: null,
      weekDays: null,
      everyHour: false,
      hasSeconds: false,
    })
  })

  test('six fields, seconds last', () => {
    expect(parseSchedule('1 2 3 4 * 50')).toMatchObject({
      seconds: [50],
      minutes: [1],
      hours: [2],
      hasSeconds: true,
    })
  })

  test.each([
    ['*', every(0, 59)],
    ['?', every(0, 59)],
    ['*/20', [0, 20, 40]],
    ['7', [7]],
    ['07', [7]],
    ['10-13', [10, 11, 12, 13]],
    ['10-20/4', [10, 14, 18]],
    ['50/4', [50, 54, 58]],
    ['58-1', [0, 1, 58, 59]],
    ['50-10/15', [5, 50]],
    ['10,5-12,*/4', [0, 4, ...every(5, 12), ...[16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56]]],
    ['5,5,5', [5]],
    ['*/60', [0]],
  ])('minutes %s', (field, minutes) => {
    expect(parseSchedule(`${field} * * * *`).minutes).toEqual(minutes)
  })

  test.each([
    ['22-2', [0, 1, 2, 22, 23]],
    ['20-4/3', [2, 20, 23]],
  ])('hours %s', (field, hours) => {
    expect(parseSchedule(`0 ${field} * * *`).hours).toEqual(hours)
  })

  test.each([
    ['jan', [1]],
    ['NOV-feb', [1, 2, 11, 12]],
    ['Mar,6-8/2', [3, 6, 8]],
  ])('months %s', (field, months) => {
    expect(parseSchedule(`0 0 1 ${field} *`).months).toEqual(months)
  })

  test.each([
    ['0', [0]],
    ['7', [0]],
    ['5-7', [0, 5, 6]],
    ['0-7', every(0, 6)],
    ['fri-mon', [0, 1, 5, 6]],
    ['Mon-Sun', every(0, 6)],
    ['sat-0', [0, 6]],
    ['7-2', [0, 1, 2]],
    ['*/2', [0, 2, 4, 6]],
    ['1/3', [0, 1, 4]],
    ['fri-tue/2', [0, 2, 5]],
  ])('days of the week %s', (field, days) => {
    expect(parseSchedule(`0 0 * * ${field}`).weekDays).toEqual({ days, nth: [], last: [] })
  })

  test('the first, the last and any weekday in one list', () => {
    expect(parseSchedule('0 0 * * Mon#1,5L,friL,2,0#5').weekDays).toEqual({
      days: [2],
      nth: [
        { day: 1, n: 1 },
        { day: 0, n: 5 },
      ],
      last: [5],
    })
  })

  test.each(['l', 'L'])('the last day of the month, %s', (letter) => {
    expect(parseSchedule(`0 0 15,${letter} * *`).monthDays).toEqual({ days: [15], last: true })
  })

  test('a wrapped range of days of the month', () => {
    expect(parseSchedule('0 0 30-2 * *').monthDays).toEqual({ days: [1, 2, 30, 31], last: false })
  })

  test.each([
    ['@yearly', '0 0 1 1 *'],
    ['@monthly', '0 0 1 * *'],
    ['@weekly', '0 0 * * 0'],
    ['@daily', '0 0 * * *'],
    ['@hourly', '0 * * * *'],
    ['@Hourly', '0 * * * *'],
  ])('%s', (alias, expression) => {
    expect(parseSchedule(alias)).toEqual({ ...parseSchedule(expression), text: alias })
  })

  test.each([
    ['*', true],
    ['?', true],
    ['*/1', true],
    ['*/5', true],
    ['0-23', false],
    ['*/2,*/3', false],
    ['*,5', false],
    ['0/2', false],
    ['3', false],
  ])('whether the hour field %s matches every hour', (field, everyHour) => {
    expect(parseSchedule(`0 ${field} * * *`).everyHour).toBe(everyHour)
  })

  test('a day that no month has, when another way to match is left', () => {
    expect(parseSchedule('0 0 31 2 mon').monthDays).toEqual({ days: [], last: false })
    expect(parseSchedule('0 0 31,l 2 *').monthDays).toEqual({ days: [], last: true })
    expect(parseSchedule('0 0 31 2,3 *').monthDays).toEqual({ days: [31], last: false })
    expect(parseSchedule('0 0 29 2 *').monthDays).toEqual({ days: [29], last: false })
  })
})

describe('what is refused', () => {
  test.each([
    ['61 * * * *', 'minute field "61" is out of range 0-59 in "61 * * * *"'],
    ['5,50-61 * * * *', 'minute field "50-61" is out of range 0-59 in "5,50-61 * * * *"'],
    ['* 24 * * *', 'hour field "24" is out of range 0-23 in "* 24 * * *"'],
    ['* * 0 * *', 'day of month field "0" is out of range 1-31 in "* * 0 * *"'],
    ['* * * 13 *', 'month field "13" is out of range 1-12 in "* * * 13 *"'],
    ['* * * * 8', 'day of week field "8" is out of range 0-7 in "* * * * 8"'],
    ['* * * * * 60', 'second field "60" is out of range 0-59 in "* * * * * 60"'],
    ['*/0 * * * *', 'minute field "*/0" has a step out of range 1-60 in "*/0 * * * *"'],
    ['*/90 * * * *', 'minute field "*/90" has a step out of range 1-60'],
    ['* * * * mox', 'day of week field "mox" is not understood'],
    ['* * * mon *', 'month field "mon" is not understood'],
    ['* * * * mon#6', 'day of week field "mon#6" is not understood'],
    ['* * * * l', 'day of week field "l" is not understood'],
    ['l * * * *', 'minute field "l" is not understood'],
    ['* * l-3 * *', 'day of month field "l-3" is not understood'],
    ['* * 15W * *', 'day of month field "15W" is not supported'],
    ['1,,2 * * * *', 'minute field "" is not understood'],
    ['-5 * * * *', 'minute field "-5" is not understood'],
    ['1-2-3 * * * *', 'minute field "1-2-3" is not understood'],
    ['*-5 * * * *', 'minute field "*-5" is not understood'],
    ['1.5 * * * *', 'minute field "1.5" is not understood'],
    ['5/ * * * *', 'minute field "5/" is not understood'],
    ['?,5 * * * *', 'minute field "?" is not understood'],
    ['H * * * *', 'minute field "H" is not understood'],
    ['0 0 31 2 *', 'schedule "0 0 31 2 *" never happens: its months have at most 29 days'],
    ['0 0 31 4,6,9,11 *', 'never happens: its months have at most 30 days'],
    ['', 'schedule "" has 0 fields; write 5 fields'],
    ['*', 'schedule "*" has 1 field;'],
    ['* * * *', 'schedule "* * * *" has 4 fields;'],
    ['* * * * * * *', 'schedule "* * * * * * *" has 7 fields;'],
    ['@reboot', 'schedule "@reboot" is not a known alias'],
    ['@dialy', 'Did you mean "@daily"?'],
    ['@annually', 'is not a known alias'],
    ['@midnight', 'is not a known alias'],
    ['@every 5m', 'is not a known alias'],
    ['@toString', 'is not a known alias'],
  ])('%s', (schedule, message) => {
    const parse = () => parseSchedule(schedule)
    expect(parse).toThrow(InvalidScheduleError)
    expect(parse).toThrow(message)
  })

  test('seconds first, with the mend when all is right with them last', () => {
    expect(() => parseSchedule('0 30 4 * * 1-5')).toThrow(
      /^hour field "30" is out of range 0-23 .*\. Seconds stand last here: did you mean "30 4 \* \* 1-5 0"\?$/,
    )
    expect(() => parseSchedule('0 30 40 * * 1-5')).toThrow(/^(?!.*did you mean)/)
  })

  test('the error carries the field and its text', () => {
    expect(() => parseSchedule('0 0 * * 1,9')).toThrow(
      expect.objectContaining({
        code: 'INVALID_SCHEDULE',
        facts: { schedule: '0 0 * * 1,9', field: 'day of week', text: '9' },
      }),
    )
  })
})
