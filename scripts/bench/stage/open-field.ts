import { randomBytes } from 'node:crypto'
import type { Contender } from '../contenders/contender.js'
import type { BenchServer } from './open-server.js'
import { findRedis } from './redis.js'
import { startProgram, type Program } from './start-program.js'

/** A contender with its store, and a program that fills it. */
export interface Entrant {
  readonly contender: Contender
  /** Where its jobs are kept. */
  readonly url: string
  readonly filler: Program
}

/** Those that are compared, each with a store of its own. */
export interface Field extends AsyncDisposable {
  readonly entrants: readonly Entrant[]
  /** Why others are left out, one sentence each. */
  readonly leftOut: readonly string[]
}

/** Makes the store of each, with its tables. */
export async function openField(server: BenchServer, contenders: readonly Contender[]): Promise<Field> {
  const redis = contenders.some(({ store }) => store === 'redis') ? await findRedis() : null
  const entrants: Entrant[] = []
  const leftOut: string[] = []
  for (const contender of contenders) {
    const isInRedis = contender.store === 'redis'
    if (isInRedis && redis === null) {
      leftOut.push(`${contender.name} is left out: no Redis answers at REDIS_URL or 127.0.0.1:6379.`)
      continue
    }
    const url = isInRedis && redis !== null ? redis : await server.createDatabase()
    const prefix = `sisy-bench-${randomBytes(3).toString('hex')}`
    const placed = isInRedis ? { ...contender, settings: { ...contender.settings, prefix } } : contender
    const filler = await startProgram(placed, url)
    await filler.ask('setUp')
    entrants.push({ contender: placed, url, filler })
  }
  return {
    entrants,
    leftOut,
    async [Symbol.asyncDispose]() {
      for (const { filler, contender } of entrants) {
        if (contender.store === 'redis') await filler.ask('clear')
        await filler[Symbol.asyncDispose]()
      }
    },
  }
}
