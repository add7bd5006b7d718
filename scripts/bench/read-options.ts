import process from 'node:process'
import { parseArgs } from 'node:util'
import { positiveNumber } from '../endurance/positive-number.js'
import type { BenchContext } from './measurements/measurement.js'

export interface BenchOptions {
  /** Names of measurements; none: they are listed. */
  readonly names: readonly string[]
  readonly size: BenchContext['size']
  readonly rounds: number
  readonly jobs: number
  /** Parts of names of the only contenders to measure, beside ours; null for all. */
  readonly only: readonly string[] | null
}

/**
 * Reads the command line.
 *
 * @param known the names there are.
 * @throws Error for a name or an option that is not known, or a value that is not accepted.
 */
export function readOptions(known: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(2).filter((argument) => argument !== '--'),
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      jobs: { type: 'string' },
      only: { type: 'string' },
    },
  })
  for (const name of positionals)
    if (!known.includes(name))
      throw new Error(`Nothing to measure is called '${name}'. Known: ${known.join(', ')}.`)
  const size = values.quick ? 'quick' : values.large ? 'large' : 'full'
  return {
    names: positionals,
    size,
    rounds: positiveNumber('--rounds', values.rounds ?? (size === 'quick' ? '1' : '3')),
    jobs: positiveNumber('--jobs', values.jobs ?? (size === 'quick' ? '500' : '100000')),
    only: values.only?.split(',').map((name) => name.trim()) ?? null,
  }
}
