import { randomInt } from 'node:crypto'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { positiveNumber } from '../endurance/positive-number.js'

export interface ChaosOptions {
  /** How long faults are injected, minutes; `quick` means once each, as fast as they can be told apart. */
  readonly minutes: number | 'quick'
  readonly seed: number
  /** File that the table is written to as Markdown; null for none. */
  readonly markdown: string | null
  /** Names of the only faults to inject; null for all. */
  readonly only: readonly string[] | null
}

/** Reads the command line. @throws Error for an option that is not known, or a value that is not accepted. */
export function readOptions(): ChaosOptions {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((argument) => argument !== '--'),
    options: {
      minutes: { type: 'string', default: '30' },
      quick: { type: 'boolean', default: false },
      seed: { type: 'string', default: String(randomInt(1, 1_000_000)) },
      markdown: { type: 'string' },
      only: { type: 'string' },
    },
  })
  return {
    minutes: values.quick ? 'quick' : positiveNumber('--minutes', values.minutes),
    seed: positiveNumber('--seed', values.seed),
    markdown: values.markdown ?? null,
    only: values.only?.split(',').map((name) => name.trim()) ?? null,
  }
}
