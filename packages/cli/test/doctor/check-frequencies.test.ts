import { describe, expect, it } from '@jest/globals'
import { checkFrequencies } from '../../src/doctor/check-frequencies.js'

describe('checkFrequencies', () => {
  it('hints at schedules that are finer than the heartbeat', () => {
    const schedules = [
      { schedule: '* * * * * */10', tasks: 2 },
      { schedule: '0 9 * * * 30', tasks: 1 },
    ]
    expect(checkFrequencies(schedules, 60_000)).toEqual([
      {
        kind: 'hint',
        text: expect.stringMatching(
          /^2 tasks: schedule "\* \* \* \* \* \*\/10" has instants 10 s apart, but /,
        ),
      },
    ])
    expect(checkFrequencies(schedules, 10_000)).toEqual([])
  })

  it('says nothing of those that ask for no more than the heartbeat allows', () => {
    expect(checkFrequencies([{ schedule: '* * * * * *', tasks: 1 }], 60_000)).toEqual([])
  })

  it('names a schedule that cannot be read', () => {
    expect(checkFrequencies([{ schedule: '* * * * * 60', tasks: 1 }], 60_000)).toEqual([
      { kind: 'problem', text: expect.stringMatching(/^A task: second field "60" is out of range 0-59/) },
    ])
  })
})
