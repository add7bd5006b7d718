// A supervisor of its own process, for tests that kill it: runs one deed in a child, and says who is there.
import { createPool } from '../../dist/subprocess/index.js'

const [deed] = process.argv.slice(2).map((text) => JSON.parse(text))
const pool = createPool({
  module: new URL('./pool-module.mjs', import.meta.url),
  processes: 2,
  output: { stdout: process.stdout, stderr: process.stderr },
})
pool.on('ready', ({ pid }) => console.log(`child ${pid}`))
await pool.start()
pool.begin(deed)
