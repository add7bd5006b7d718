#!/usr/bin/env node
import { runProgram } from '@sisy/core/internal'
import { main } from './cli.js'

await runProgram({
  name: 'sisy-worker',
  main: () => main(process.argv),
  logLevel: () => process.env['SISY_LOG_LEVEL'] ?? 'info',
})
