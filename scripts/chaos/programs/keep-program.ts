import { setTimeout as sleep } from 'node:timers/promises'
import type { TcpProxy } from '../../../packages/test-kit/dist/index.js'
import { startProgram, type Program } from '../../endurance/start-program.js'
import type { Role } from './cast.js'

/** A program that ended though nobody had asked it to or killed it. */
export interface Desertion {
  readonly program: string
  readonly how: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** A program that is started again whenever it ends, as a process manager does. */
export interface KeptProgram {
  readonly role: Role
  /** What it reaches the database through. */
  readonly network: TcpProxy
  /** Name of the process that runs now, as the database knows it: `worker-1.2` is the second. */
  label(): string
  pid(): number
  /** All pids that it had. */
  readonly pids: readonly number[]
  readonly desertions: readonly Desertion[]
  signal(name: NodeJS.Signals): void
  /** Kills it. Resolves when it has ended. */
  kill(): Promise<void>
  /** Ends it in order, for good. @returns how it ended. */
  stop(): Promise<string>
}

export interface KeepOptions {
  readonly network: TcpProxy
  readonly cwd: string
  readonly logs: string
  /** The environment of the process that is known to the database by a label. */
  readonly env: (label: string) => NodeJS.ProcessEnv
}

/** After this a program that ended is started again, milliseconds. */
const pauseMs = 500

export function keepProgram(role: Role, { network, cwd, logs, env }: KeepOptions): KeptProgram {
  const pids: number[] = []
  const desertions: Desertion[] = []
  const killed = new Set<Program>()
  let starts = 0
  let wanted = true
  let running = start()

  function start(): Program {
    starts += 1
    const { name, script, args } = role
    const program = startProgram({ name, script, args, cwd, logs, env: env(label()) })
    pids.push(program.pid)
    void program.ended.then((how) => goOn(program, label(), how))
    return program
  }

  function label(): string {
    return `${role.name.replace(' ', '-')}.${starts}`
  }

  async function goOn(ended: Program, program: string, how: string): Promise<void> {
    if (!wanted) return
    if (!killed.has(ended)) desertions.push({ program, how, at: Date.now() })
    await sleep(pauseMs)
    // It may have been stopped meanwhile.
    if (isWanted()) running = start()
  }

  const isWanted = (): boolean => wanted
  const signal = (name: NodeJS.Signals): void => {
    try {
      process.kill(running.pid, name)
    } catch {
      // It has ended, and the next one is not there yet.
    }
  }

  return {
    role,
    network,
    label,
    pid: () => running.pid,
    pids,
    desertions,
    signal,
    kill: async () => {
      const victim = running
      killed.add(victim)
      signal('SIGKILL')
      await victim.ended
    },
    stop: () => {
      wanted = false
      signal('SIGCONT')
      return running.end()
    },
  }
}
