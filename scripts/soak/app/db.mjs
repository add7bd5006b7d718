import { PrismaPg } from '@prisma/adapter-pg'
import { sisy } from '@sisy/core'
import { createRequire } from 'node:module'
import process from 'node:process'
import { callables } from './callables.mjs'

const { PrismaClient } = createRequire(import.meta.url)(process.env['SOAK_PRISMA_CLIENT'] ?? '')
const adapter = new PrismaPg({ connectionString: process.env['DATABASE_URL'], max: 2 })
const base = new PrismaClient({ adapter })

/** The soak's app. */
export const prisma = base.$extends(sisy(base, { callables: () => callables }))
