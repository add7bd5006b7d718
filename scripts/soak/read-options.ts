import process from 'node:process'
import { parseArgs } from 'node:util'

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
    minutes: positive('--minutes', values.minutes),
    runsPerSecond: positive('--runs-per-second', values['runs-per-second']),
  }
}

function positive(option: string, text: string): number {
  const number = Number(text)
  if (number > 0 && Number.isFinite(number)) return number
  throw new Error(`${option} must be a number above 0, got '${text}'.`)
}
