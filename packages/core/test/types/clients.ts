import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '@sisy/test-kit/prisma-client'
import { PrismaClient as PrismaClientJs } from '@sisy/test-kit/prisma-client-js'

const adapter = new PrismaPg({ connectionString: '' })

/** A client of the generator `prisma-client`. */
export const base = new PrismaClient({ adapter })
/** A client of the generator `prisma-client-js`. */
export const baseJs = new PrismaClientJs({ adapter })
