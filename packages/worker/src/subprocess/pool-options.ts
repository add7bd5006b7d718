import { availableParallelism } from 'node:os'
import type { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { inheritedExecArgv } from './inherited-exec-argv.js'
import { machineClock, type PoolClock } from './pool-clock.js'
import { PoolOptionError } from './pool-errors.js'

/** What `createPool` takes. */
export interface PoolOptions {
  /**
   * The module each child loads, as a URL or an absolute path. Its default export is called for each run with the value
   * and `{ signal, shared }`. It may export `setup(data)`, awaited before the child is ready, whose result is `shared`,
   * and `teardown(shared)`, awaited before a child that is no longer needed exits.
   */
  readonly module: string | URL
  /** What `setup` gets; anything structured clone can carry. Default: nothing. */
  readonly data?: unknown
  /** How many children, 1 to 1024. Default: the cores of this machine. */
  readonly processes?: number
  /** How many runs each child has at once, 1 to 1000. Default 1: a run shares its process with no other. */
  readonly concurrency?: number
  /** How many runs may wait for a child; with more `run()` rejects. Default 1000. */
  readonly maxQueued?: number
  /** How long a run may take, milliseconds; then its signal is aborted. Default: no limit. */
  readonly timeoutMs?: number | null
  /** How long a run may take to end after its signal was aborted, before its process is ended. Milliseconds, default 5000. */
  readonly graceMs?: number
  /** A child that holds more resident memory while it runs something is killed. Bytes; default: no limit. */
  readonly maxMemory?: number | null
  /** A child that holds more between two runs is replaced. Bytes; null means never. Default 80 % of `maxMemory`. */
  readonly recycleMemory?: number | null
  /** How often the memory of children is measured, from outside. Milliseconds, default 1000. */
  readonly memoryCheckIntervalMs?: number
  /** A child is replaced after so many runs. Default: never. */
  readonly maxRunsPerChild?: number | null
  /** How long a child may take to get ready, milliseconds. Default 60 000. */
  readonly startTimeoutMs?: number
  /** Environment of the children. Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv
  /** Node's own arguments for the children. Default: those of this process, but for a debugger's and what it evaluates. */
  readonly execArgv?: readonly string[]
  /** Where the children's output goes, each line prefixed with its run's name; null drops it. Default: this process's own. */
  readonly output?: { readonly stdout: Writable; readonly stderr: Writable } | null
  /** For tests. Default: the machine's monotonic clock. */
  readonly clock?: PoolClock
}

/** Options, every one filled and checked. */
export type FilledPoolOptions = Required<PoolOptions> & { readonly module: string }

export const defaultGraceMs = 5_000
export const defaultMaxQueued = 1_000
export const defaultMemoryCheckIntervalMs = 1_000
export const defaultStartTimeoutMs = 60_000
/** The share of `maxMemory` above which a child is replaced between two runs. */
const recycleShare = 0.8

/** @throws PoolOptionError for the first option that is not accepted. */
export function fillPoolOptions(given: PoolOptions): FilledPoolOptions {
  const maxMemory = given.maxMemory ?? null
  const options: FilledPoolOptions = {
    module: moduleUrl(given.module),
    data: given.data,
    processes: given.processes ?? availableParallelism(),
    concurrency: given.concurrency ?? 1,
    maxQueued: given.maxQueued ?? defaultMaxQueued,
    timeoutMs: given.timeoutMs ?? null,
    graceMs: given.graceMs ?? defaultGraceMs,
    maxMemory,
    recycleMemory: given.recycleMemory === undefined ? shareOf(maxMemory) : given.recycleMemory,
    memoryCheckIntervalMs: given.memoryCheckIntervalMs ?? defaultMemoryCheckIntervalMs,
    maxRunsPerChild: given.maxRunsPerChild ?? null,
    startTimeoutMs: given.startTimeoutMs ?? defaultStartTimeoutMs,
    env: given.env ?? process.env,
    execArgv: given.execArgv ?? inheritedExecArgv(process.execArgv),
    output: given.output === undefined ? { stdout: process.stdout, stderr: process.stderr } : given.output,
    clock: given.clock ?? machineClock,
  }
  for (const option of ['processes', 'concurrency', 'maxRunsPerChild'] as const) atLeast(options, option, 1)
  for (const option of ['maxQueued', 'graceMs', 'timeoutMs'] as const) atLeast(options, option, 0)
  for (const option of ['maxMemory', 'recycleMemory', 'memoryCheckIntervalMs', 'startTimeoutMs'] as const)
    atLeast(options, option, 1)
  wholeAtMost(options, 'processes', 1024)
  wholeAtMost(options, 'concurrency', 1000)
  return options
}

type NumericOption = {
  [Option in keyof FilledPoolOptions]: FilledPoolOptions[Option] extends number | null ? Option : never
}[keyof FilledPoolOptions]

function atLeast(options: FilledPoolOptions, option: NumericOption, least: number): void {
  const value = options[option]
  if (value === null || value >= least) return
  throw new PoolOptionError(option, value, `a number from ${least}`)
}

function wholeAtMost(options: FilledPoolOptions, option: 'processes' | 'concurrency', most: number): void {
  const value = options[option]
  if (Number.isInteger(value) && value <= most) return
  throw new PoolOptionError(option, value, `a whole number from 1 to ${most}`)
}

function moduleUrl(module: string | URL): string {
  if (module instanceof URL) return module.href
  if (typeof module !== 'string' || module === '')
    throw new PoolOptionError('module', module, 'a URL or an absolute path')
  return URL.canParse(module) && !/^[a-z]:[\\/]/i.test(module) ? module : pathToFileURL(module).href
}

function shareOf(maxMemory: number | null): number | null {
  return maxMemory === null ? null : Math.floor(maxMemory * recycleShare)
}
