import { fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { openSharedFile, type LastBegin } from '../channel/shared-file.js'
import type { FromChild, SentRun, ToChild } from '../channel/messages.js'
import { lastOutputMs } from '../output/last-lines.js'
import { machineNow, type PoolClock } from '../pool-clock.js'
import { errorOf } from '../channel/thrown.js'
import { createRunBatch } from './run-batch.js'

/** How a process ended. */
export interface ProcessEnd {
  /** Null when a signal ended it, or when it could not even be started. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Why it could not be started. */
  readonly error?: Error
}

/** A child process, as the pool talks to it. */
export interface ChildLink {
  /** 0 when it could not be started; its end follows. */
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  /** What the child is to put before its messages. */
  readonly key: string
  /** Sends a message; one to a process that has ended is lost. @returns why it cannot be sent at all; null normally. */
  send(message: ToChild): Error | null
  /** Sends a run together with others of this turn of the event loop. @param onRefused is told why it cannot be sent at all. */
  sendRun(run: SentRun, onRefused: (error: Error) => void): void
  /** What the child began last; null when that cannot be told. */
  lastBegin(): LastBegin | null
  /** Where the child has the file open that it shares with its supervisor; null when there is none. */
  readonly sharedFile: number | null
  /** Lets the child end itself at a moment of the pool's clock; null means not. */
  keepUntil(moment: number | null): void
  /** Signals the process and whatever it has started in its process group. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void
}

export interface SpawnOptions {
  readonly env: NodeJS.ProcessEnv
  readonly execArgv: readonly string[]
  readonly onMessage: (message: FromChild) => void
  /** Called once, when the process has ended and all it wrote and sent has arrived. */
  readonly onEnded: (end: ProcessEnd) => void
  readonly clock: PoolClock
}

// The same from `src` and from `dist`: a child runs what was built.
const entry = fileURLToPath(new URL('../../../dist/subprocess/entry/main.js', import.meta.url))

/** The place of the shared file in the child's `stdio`. */
const sharedFd = 4

/**
 * A process group of its own lets a child be ended with all it started, and keeps Ctrl-C, which the terminal sends to
 * the supervisor's group, from ending runs that may still finish. Windows has neither, and would show a window.
 */
const ownGroup = process.platform !== 'win32'

export function spawnChild({ env, execArgv, onMessage, onEnded, clock }: SpawnOptions): ChildLink {
  const shared = openSharedFile()
  let child: ChildProcess
  try {
    child = fork(entry, [], {
      env,
      execArgv: [...execArgv],
      detached: ownGroup,
      serialization: 'json',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', ...(shared === null ? [] : [shared.fd])],
    })
  } catch (error) {
    shared?.close()
    return stillborn(error, onEnded)
  }
  const { pid, stdout, stderr } = child
  const key = randomUUID()
  let exited = false
  let ended = false

  const end = (how: ProcessEnd): void => {
    if (ended) return
    ended = true
    onEnded(how)
    shared?.close()
  }
  child.on('message', (message) => {
    if (!isKeyed(message) || message[0] !== key) return
    try {
      // Whatever bears the key is a message of ours.
      onMessage(message[1] as FromChild)
    } catch {
      // A child that says nonsense must not harm the supervisor.
      child.kill('SIGKILL')
    }
  })
  child.once('error', (error) => {
    if (pid === undefined) end({ exitCode: null, signal: null, error })
  })
  child.once('exit', (exitCode, signal) => {
    exited = true
    signalGroup(pid, 'SIGKILL')
    const how = { exitCode, signal }
    const cancel = clock.after(lastOutputMs, () => {
      // A process that escaped holds the pipes open; nobody waits for it.
      stdout?.destroy()
      stderr?.destroy()
      end(how)
    })
    child.once('close', () => {
      cancel()
      end(how)
    })
  })

  function send(message: ToChild): Error | null {
    try {
      // Without a callback a closed channel would be an error event.
      if (child.connected) child.send(message, () => undefined)
      return null
    } catch (error) {
      // No text of JSON is longer than half a gigabyte.
      return errorOf(error)
    }
  }
  const batch = createRunBatch(send)

  return {
    pid: pid ?? 0,
    key,
    sharedFile: shared === null ? null : sharedFd,
    lastBegin: () => shared?.lastBegin() ?? null,
    keepUntil: (moment) => {
      if (!ended) shared?.keepUntil(moment === null ? null : machineNow() + moment - clock.monotonic())
    },
    stdout: stdout ?? nothing(),
    stderr: stderr ?? nothing(),
    send: (message) => {
      batch.flush()
      return send(message)
    },
    sendRun: (run, onRefused) => batch.add(run, onRefused),
    signal: (signal) => {
      // Its number may be another's by now.
      if (!exited && !signalGroup(pid, signal)) child.kill(signal)
    },
  }
}

/** A process that the system did not let us start, which fork tells by an event or by throwing. */
function stillborn(error: unknown, onEnded: SpawnOptions['onEnded']): ChildLink {
  queueMicrotask(() => onEnded({ exitCode: null, signal: null, error: errorOf(error) }))
  return {
    pid: 0,
    key: '',
    sharedFile: null,
    lastBegin: () => null,
    keepUntil: () => undefined,
    stdout: nothing(),
    stderr: nothing(),
    send: () => null,
    sendRun: () => undefined,
    signal: () => undefined,
  }
}

function nothing(): Readable {
  return Readable.from([])
}

/** @returns whether there is a group to signal. */
function signalGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  if (!ownGroup || pid === undefined) return false
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

/** User code may send messages of its own; theirs do not bear the key. */
function isKeyed(message: unknown): message is [unknown, unknown] {
  return Array.isArray(message) && message.length === 2
}
