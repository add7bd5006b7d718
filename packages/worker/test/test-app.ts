import { PrismaPg } from '@prisma/adapter-pg'
import { sisy } from '@sisy/core'
import { createScratchDatabase } from '@sisy/test-kit'
import { PrismaClient } from '@sisy/test-kit/prisma-client'

/** A client with the plugin on a scratch database of its own, and what the callables of a test do. */
export async function testApp<Callables extends Record<string, Function>>(callables: Callables) {
  const database = await createScratchDatabase()
  const base = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url, max: 10 }) })
  const prisma = base.$extends(
    sisy(base, {
      callables: () => callables,
      methods: {
        subscription: {
          async renew() {
            await base.subscription.update({ where: { id: this.id }, data: { months: { increment: 1 } } })
            return { plan: this.plan }
          },
        },
      },
    }),
  )
  return {
    url: database.url,
    base,
    prisma,
    close: async () => {
      await base.$disconnect()
      await database.drop()
    },
  }
}
