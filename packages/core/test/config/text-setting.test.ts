import { describe, expect, it } from '@jest/globals'
import { settingsFromEnvironment } from '../../src/config/text-setting.js'

describe('settingsFromEnvironment', () => {
  it('takes the variables that are settings, and says where each stood', () => {
    expect(settingsFromEnvironment({ SISY_CONCURRENCY: '4', HOME: '/root' }, 'the environment')).toEqual([
      { setting: 'worker.concurrency', text: '4', source: 'SISY_CONCURRENCY in the environment' },
    ])
  })

  it('takes an empty variable as not given, and leaves names of others alone', () => {
    expect(
      settingsFromEnvironment({ SISY_CONCURRENCY: ' ', SISY_CHILD_SOCKET: 'x' }, 'the environment'),
    ).toEqual([])
  })

  it('refuses a mistyped one', () => {
    expect(() => settingsFromEnvironment({ SISY_HEARTBEAT_FREQENCY: '5' }, '/app/.env')).toThrow(
      'SISY_HEARTBEAT_FREQENCY in /app/.env is no setting. Did you mean "SISY_HEARTBEAT_FREQUENCY"?',
    )
  })
})
