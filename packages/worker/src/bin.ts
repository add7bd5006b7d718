#!/usr/bin/env node
// The rest takes a moment to load, and the system gives process 1 of a container no signal that it does not handle.
const endAtOnce = (): never => process.exit(0)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, endAtOnce)

const { catchShutdownSignals, runProgram, systemClock } = await import('@sisy/core/internal')
const { main } = await import('./cli.js')

const signals = catchShutdownSignals({ monotonic: () => systemClock.monotonic(), env: process.env })
for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, endAtOnce)

await runProgram({
  name: 'sisy-worker',
  main: () => main(process.argv, signals),
  logLevel: () => process.env['SISY_LOG_LEVEL'] ?? 'info',
})

export {}
