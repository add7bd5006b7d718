import { isUp, up } from '../prisma/data-migrations/watch-status-page.js'
import { prisma } from '../src/db.js'
import { watchSite } from '../src/watch-site.js'
import type { Targets } from './targets/start-targets.js'

/** Watches the targets, each with a schedule and a time zone of its own. Their ports are new each time: so are the URLs. */
export async function seed({ urls }: Targets): Promise<void> {
  const alertUrl = urls.alerts
  await prisma.$transaction(async (tx) => {
    await watchSite(tx, {
      name: 'Fast shop',
      url: urls.fast,
      schedule: '* * * * * */2',
      timezone: 'Europe/Madrid',
      alertUrl,
    })
    await watchSite(tx, {
      name: 'Slow search',
      url: urls.slow,
      schedule: '* * * * * */5',
      timezone: 'Asia/Tokyo',
      alertUrl,
    })
    await watchSite(tx, {
      name: 'Flaky feed',
      url: urls.flaky,
      schedule: '* * * * * */3',
      timezone: 'America/Sao_Paulo',
      alertUrl,
    })
    await watchSite(tx, {
      name: 'Dead backend',
      url: urls.down,
      schedule: '* * * * * */4',
      timezone: 'Asia/Kolkata',
      alertUrl,
    })
    if (await isUp(tx)) await tx.site.update({ where: { name: 'Status page' }, data: { url: urls.fast } })
    else await up(tx, urls.fast)
  })
}
