import { createPool, type EndedChild, type Pool, type PoolEvents, type PoolOptions } from '@sisy/worker/pool'
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { isAlive, until } from './processes.js'

/** What a child is told to do; see pool-module.mjs. */
export interface Deed {
  readonly do: string
  readonly [option: string]: unknown
}

/** A pool, and what it told; it leaves nothing behind. */
export interface TestPool extends AsyncDisposable {
  readonly pool: Pool<Deed, unknown>
  /** Every process that ever got ready, in order. */
  readonly pids: readonly number[]
  readonly ends: readonly EndedChild[]
  /** What its children wrote, each line with its prefix. */
  readonly output: string
  /** The names of its events, in order, without those that tell of a measurement, an outcome or room. */
  readonly told: readonly string[]
  /** Resolves with what the next such event tells. */
  next<Name extends keyof PoolEvents>(name: Name): Promise<PoolEvents[Name][0]>
  /** Starts it; resolves when so many children have got ready. */
  ready(count: number): Promise<void>
  /** A file in a folder that goes with the pool. */
  file(name: string): TestFile
}

/** What runs and tests wait for each other by. */
export interface TestFile {
  readonly path: string
  write(): void
  /** Resolves with its text when it is there. */
  written(): Promise<string>
}

export const poolModule = new URL('./pool-module.mjs', import.meta.url)

export function openPool(options: Partial<PoolOptions> = {}): TestPool {
  let output = ''
  const gather = (): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        output += chunk.toString()
        done()
      },
    })
  const pool = createPool<Deed>({
    module: poolModule,
    processes: 1,
    memoryCheckIntervalMs: 50,
    execArgv: [],
    output: { stdout: gather(), stderr: gather() },
    ...options,
  })
  const folder = mkdtempSync(join(tmpdir(), 'sisy-pool-'))
  const pids: number[] = []
  const ends: EndedChild[] = []
  const told: string[] = []
  pool.on('ready', ({ pid }) => pids.push(pid))
  pool.on('ended', (end) => ends.push(end))
  for (const name of ['ready', 'ended', 'blocked', 'unblocked', 'tight', 'failed'] as const)
    pool.on(name, () => told.push(name))

  const next: TestPool['next'] = (name) =>
    new Promise((resolve) => {
      const stop = pool.on(name, (...told) => {
        stop()
        resolve(told[0])
      })
    })

  return {
    pool,
    pids,
    ends,
    told,
    get output() {
      return output
    },
    next,
    ready: async (count) => {
      await pool.start()
      while (pids.length < count) await next('ready')
    },
    file: (name) => {
      const path = join(folder, name)
      return {
        path,
        write: () => writeFileSync(path, 'written'),
        written: async () => {
          await until(() => existsSync(path) && readFileSync(path).length > 0)
          return readFileSync(path, 'utf8')
        },
      }
    },
    async [Symbol.asyncDispose]() {
      await pool.stopNow()
      rmSync(folder, { recursive: true, force: true })
      expectGone(pids)
    },
  }
}

/** A pool that has ended has no process any more, at once. */
export function expectGone(pids: readonly number[]): void {
  const left = pids.filter(isAlive)
  if (left.length > 0) throw new Error(`Processes ${left.join(', ')} are left of the pool.`)
}
