import { AsyncLocalStorage } from 'node:async_hooks'
import { createBeginWriter } from '../channel/shared-file.js'
import type { FromChild, ToChild } from '../channel/messages.js'
import type { LineOwner } from '../output/line-tag.js'
import { machineClock } from '../pool-clock.js'
import { toThrown } from '../channel/thrown.js'
import { fromWire } from '../channel/wire-value.js'
import { loadModule } from './load-module.js'
import { createRunHost, type RunHost } from './run-host.js'
import { ignoreGroupSignals } from './ignore-group-signals.js'
import { tagOutput } from './tag-output.js'
import { usage } from './usage.js'
import { watchSupervisor } from './watch-supervisor.js'

// What runs in a child process: it loads the pool's module, then does as the supervisor says.

// Kept, for user code may put something else in its place.
const sendToSupervisor = process.send?.bind(process)

/** Without a callback a supervisor that is gone would be an error event. */
function send(message: FromChild, onSent: () => void = () => undefined): void {
  if (sendToSupervisor === undefined || !process.connected) onSent()
  else sendToSupervisor([key, message], undefined, undefined, onSent)
}

async function setUp(message: Extract<ToChild, { kind: 'set-up' }>): Promise<void> {
  key = message.key
  if (message.sharedFile !== null) watch.heed(message.sharedFile)
  try {
    const module = await loadModule(message.module)
    const shared = await module.setup(fromWire(message.data))
    const markBegin = createBeginWriter(message.sharedFile)
    // What getting ready took is known too, should it die young.
    markBegin({ sequence: 0, usage: usage() })
    host = createRunHost({
      ...{ call: module.call, shared, send, current, output },
      concurrency: message.concurrency,
      markBegin,
      clock: machineClock,
    })
    teardown = () => module.teardown(shared)
    send({ kind: 'ready', residentBytes: process.memoryUsage.rss() })
  } catch (error) {
    // Once it is with the operating system the exit cannot take it back.
    send({ kind: 'unready', error: toThrown(error) }, () => process.exit(1))
  }
}

async function end(): Promise<void> {
  try {
    await teardown()
  } catch (error) {
    process.stderr.write(`The teardown of the pool's module failed: ${String(error)}\n`)
  }
  process.exit(0)
}

let key = ''
let host: RunHost | undefined
let teardown: () => unknown = () => undefined
const current = new AsyncLocalStorage<LineOwner>()
const output = tagOutput(() => current.getStore() ?? null)
const signals = ignoreGroupSignals()

const watch = watchSupervisor()
process.on('uncaughtExceptionMonitor', (error) => {
  send({ kind: 'uncaught', run: current.getStore()?.run ?? null, thrown: toThrown(error) })
})
process.on('exit', () => {
  const run = current.getStore()?.run
  if (run !== undefined) send({ kind: 'exiting', run })
})
process.on('message', (message: ToChild) => {
  switch (message.kind) {
    case 'set-up':
      void setUp(message)
      break
    case 'run':
      if (host !== undefined) for (const run of message.runs) host.take(run)
      break
    case 'abort':
      host?.abort(message.run, message.reason)
      break
    case 'ping':
      send({ kind: 'pong' })
      break
    case 'terminate':
      signals.obey()
      break
    case 'end':
      void end()
      break
  }
})
