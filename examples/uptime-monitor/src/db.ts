import { PrismaPg } from '@prisma/adapter-pg'
import { sisy, type SisyTx, type TaskContext } from '@sisy/core'
import { announceOutage } from './announce-outage.js'
import { checkSite } from './check-site.js'
import { databaseLocation } from './database-location.js'
import { PrismaClient } from './generated/prisma/client.js'
import { Reports } from './reports.js'
import type { Answer } from './request-site.js'

const { connectionString, schema } = databaseLocation(process.env)
const base = new PrismaClient({ adapter: new PrismaPg({ connectionString }, { schema }) })

/** The app's one Prisma client. What is registered here can be a task. */
export const prisma = base.$extends(
  sisy(base, {
    callables: () => ({ announceOutage, Reports }),
    methods: {
      site: {
        async check({ signal }: TaskContext): Promise<Answer> {
          return checkSite(this, signal)
        },
      },
    },
  }),
)

/** The client inside a transaction; `prisma` itself will do too. */
export type Tx = SisyTx<typeof prisma>
