// Lets node run the repository's own TypeScript: `node --import ./scripts/run-typescript.mjs <script>.ts`.
import { register } from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

process.env['TS_NODE_PROJECT'] = fileURLToPath(new URL('tsconfig.json', import.meta.url))
process.env['TS_NODE_TRANSPILE_ONLY'] = 'true'
register('ts-node/esm', import.meta.url)
