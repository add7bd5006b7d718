import process from 'node:process'
import { parseArgs } from 'node:util'
import { positiveNumber } from '../endurance/positive-number.js'

export interface SoakOptions {
  readonly minutes: number
  readonly runsPerSecond: number
}

/** Reads the command line. @throws Error for an option that is not known, or no positive number. */
export function readOptions(): SoakOptions {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((argument) => argument !== '--'),
    options: {
      minutes: { type: 'string', default: '10' },
      'runs-per-second': { type: 'string', default: '8' },
    },
  })
  return {
    minutes: positiveNumber('--minutes', values.minutes),
    runsPerSecond: positiveNumber('--runs-per-second', values['runs-per-second']),
  }
}
