import { Worker } from 'jest-worker'
import { Tinypool } from 'tinypool'
import { createPool } from '../../../packages/worker/dist/subprocess/index.js'
import type { Workload } from './workload.js'

/** Something that runs a workload's function. */
export interface Contender {
  run(value: unknown): Promise<unknown>
  close(): Promise<void>
}

/** Opens a contender with so many child processes. */
export type OpenContender = (workload: Workload, processes: number) => Promise<Contender>

/** Ours, by whose figures the others are judged. */
export const ours = 'ours, monitored'

export const contenders: Readonly<Record<string, OpenContender>> = {
  [ours]: openOurs,
  tinypool: openTinypool,
  'jest-worker': openJestWorker,
  inline: openInline,
}

/** Node's arguments of this process, which reads TypeScript, are none of the children's business. */
const execArgv: string[] = []

async function openOurs({ module }: Workload, processes: number): Promise<Contender> {
  const pool = createPool({ module, processes, execArgv, maxMemory: 512 * 1024 ** 2 })
  await pool.start()
  return { run: (value) => pool.run(value), close: () => pool.stop() }
}

async function openTinypool({ module }: Workload, processes: number): Promise<Contender> {
  const size = { minThreads: processes, maxThreads: processes }
  const pool = new Tinypool({ runtime: 'child_process', filename: module.href, execArgv, ...size })
  return { run: (value) => pool.run(value) as Promise<unknown>, close: () => pool.destroy() }
}

async function openJestWorker({ module }: Workload, processes: number): Promise<Contender> {
  const worker = new Worker(module, {
    numWorkers: processes,
    exposedMethods: ['default'],
    forkOptions: { execArgv },
  }) as Worker & { default(value: unknown): Promise<unknown> }
  return {
    run: (value) => worker.default(value),
    close: async () => {
      await worker.end()
    },
  }
}

async function openInline({ module }: Workload): Promise<Contender> {
  const loaded = (await import(module.href)) as { default(value: unknown): unknown }
  return { run: async (value) => loaded.default(value), close: async () => {} }
}
