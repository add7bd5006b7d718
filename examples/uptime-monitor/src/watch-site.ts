import type { Tx } from './db.js'
import type { Prisma, Site } from './generated/prisma/client.js'

/** Adds a site, or changes the one of that name, and schedules its checks. */
export async function watchSite(tx: Tx, data: Prisma.SiteCreateInput): Promise<Site> {
  const site = await tx.site.upsert({ where: { name: data.name }, create: data, update: data })
  await tx.task.schedule(site.check, {
    key: `check:${site.name}`,
    label: `Check ${site.name}`,
    schedule: site.schedule,
    timezone: site.timezone,
    // A slow site is not asked again before it has answered.
    allowOverlap: false,
    // When no heartbeat ran for a while, nobody needs the checks of that time.
    misfire: 'skip',
    onMissingRecord: 'delete',
  })
  return site
}
