#!/usr/bin/env node
import { runProgram, systemClock } from '@sisy/core/internal'
import { runCli } from './cli.js'

await runProgram({
  name: 'sisy',
  logLevel: () => process.env['SISY_LOG_LEVEL'] ?? 'info',
  main: () =>
    runCli(process.argv, {
      cwd: process.cwd(),
      env: process.env,
      clock: systemClock,
      interactive: process.stdin.isTTY && process.stdout.isTTY,
      print: (line) => process.stdout.write(`${line}\n`),
    }),
})
