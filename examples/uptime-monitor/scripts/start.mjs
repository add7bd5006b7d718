// The whole example in one command: `node scripts/start.mjs [--for <seconds>]`.
import process from 'node:process'
import { register } from 'tsx/esm/api'

register()
const { runDemo } = await import('../demo/run-demo.ts')
process.exitCode = await runDemo(process.argv.slice(2), process.env)
