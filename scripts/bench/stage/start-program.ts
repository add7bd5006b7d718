import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Contender } from '../contenders/contender.js'
import type { ProgramActions } from '../programs/program-actions.js'

/** A process of a contender. */
export interface Program extends AsyncDisposable {
  readonly pid: number
  /**
   * Has it do something.
   *
   * @throws Error with what it threw, or with the end of what it printed when it ended meanwhile.
   */
  ask<Action extends keyof ProgramActions>(
    action: Action,
    ...args: Parameters<ProgramActions[Action]>
  ): ReturnType<ProgramActions[Action]>
}

interface Reply {
  readonly id: number | 'ready'
  readonly value?: unknown
  readonly error?: string
}

const script = fileURLToPath(new URL('../programs/program.mjs', import.meta.url))
/** More than a program takes to stop in order, milliseconds. */
const mostEndMs = 15_000

/** Starts one and resolves when it has loaded its module. What it logs goes nowhere, errors apart. */
export async function startProgram({ module, settings }: Contender, url: string): Promise<Program> {
  const child = fork(script, [module.href, JSON.stringify(settings)], {
    // Not the loader of TypeScript that this process has.
    execArgv: [],
    env: { ...process.env, NODE_ENV: 'production', BENCH_URL: url },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const waiting = new Map<
    Reply['id'],
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >()
  let printed = ''
  child.stderr?.on('data', (text) => (printed = `${printed}${String(text)}`.slice(-4_000)))
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      for (const { reject } of waiting.values())
        reject(new Error(`${module.pathname} ended with ${signal ?? code}: ${printed}`))
      resolve()
    })
  })
  child.on('message', ({ id, value, error }: Reply) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asked?.resolve(value)
    else asked?.reject(new Error(error))
  })
  const reply = (id: Reply['id']): Promise<unknown> =>
    new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))

  let asked = 0
  const ask = async (action: string, arg: unknown): Promise<unknown> => {
    const id = (asked += 1)
    child.send({ id, action, arg })
    return reply(id)
  }

  await reply('ready')
  return {
    pid: child.pid ?? 0,
    // The other side is typed by the same actions.
    ask: ((action: string, arg?: unknown) => ask(action, arg)) as Program['ask'],
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => child.kill('SIGKILL'), mostEndMs)
      await ask('close', undefined).catch(() => undefined)
      if (child.connected) child.disconnect()
      await ended
      clearTimeout(timer)
    },
  }
}
