// A supervisor of its own process, for tests that kill or stop it: runs one deed in a child, and says who is there and
// how the run ended. Its child may live for so many milliseconds, if that is given.
import { createPool } from '../../dist/subprocess/index.js'

const [deed, liveMs] = process.argv.slice(2).map((text) => JSON.parse(text))
const pool = createPool({
  module: new URL('./pool-module.mjs', import.meta.url),
  processes: 2,
  output: { stdout: process.stdout, stderr: process.stderr },
})
pool.on('ready', ({ pid }) => console.log(`child ${pid}`))
await pool.start()
const run = pool.begin(deed, liveMs === undefined ? {} : { liveUntil: performance.now() + liveMs })
const { kind, pid } = await run.ended
console.log(`run ended ${kind} in ${pid}`)
await pool.stopNow()
