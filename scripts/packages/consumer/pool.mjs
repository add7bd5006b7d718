// The subprocess pool starts its children from the installed package.
import { strictEqual } from 'node:assert'
import { createPool } from '@sisy/worker/pool'

const pool = createPool({ module: new URL('./double.mjs', import.meta.url), processes: 1 })
strictEqual(await pool.run(21n), 42n)
await pool.stop()
