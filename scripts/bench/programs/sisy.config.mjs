// What the child processes of the pool load.
import process from 'node:process'
import { defineConfig } from '../../../packages/core/dist/index.js'
import { openClient } from './app.mjs'

export default defineConfig({
  prisma: () => openClient({ url: process.env['BENCH_URL'] ?? '', onJob: () => undefined }).prisma,
})
