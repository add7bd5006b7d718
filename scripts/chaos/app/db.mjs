import { PrismaPg } from '@prisma/adapter-pg'
import { sisy } from '@sisy/core'
import { createRequire } from 'node:module'
import process from 'node:process'
import { callables } from './callables.mjs'

const { PrismaClient } = createRequire(import.meta.url)(process.env['CHAOS_PRISMA_CLIENT'] ?? '')
const adapter = new PrismaPg({
  connectionString: process.env['DATABASE_URL'],
  max: Number(process.env['CHAOS_POOL_SIZE'] ?? 2),
  // Without it, user code would wait for ever for an answer on a connection that is half-open.
  query_timeout: 5_000,
})
const base = new PrismaClient({ adapter })

/** The app under test. */
export const prisma = base.$extends(sisy(base, { callables: () => callables }))
