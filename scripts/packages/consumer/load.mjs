// Both builds of core load, in one process, and offer the same names.
import { deepStrictEqual, strictEqual } from 'node:assert'
import { createRequire } from 'node:module'

const esm = await import('@sisy/core')
const cjs = createRequire(import.meta.url)('@sisy/core')
strictEqual(typeof esm.sisy, 'function')
deepStrictEqual(Object.keys(cjs).sort(), Object.keys(esm).sort())
