import { announceOutage } from './announce-outage.js'
import { prisma } from './db.js'
import type { Site } from './generated/prisma/client.js'
import { requestSite, type Answer } from './request-site.js'
import { stateAfter } from './site-state.js'

/** What the task `site.check` does: requests the site and keeps the answer. Returned, the answer is the run's result. */
export async function checkSite(site: Site, signal: AbortSignal): Promise<Answer> {
  const answer = await requestSite(site.url, { timeoutMs: site.timeoutMs, signal })
  await prisma.$transaction(async (tx) => {
    await tx.check.create({ data: { siteId: site.id, ...answer } })
    const { failures, announcedAt } = await tx.site.update({
      where: { id: site.id },
      data: { failures: answer.error === null ? 0 : { increment: 1 } },
    })
    const state = stateAfter(failures)
    await tx.site.update({
      where: { id: site.id },
      data: { state, ...(state === 'up' && { announcedAt: null }) },
    })
    if (state !== 'down' || announcedAt !== null) return
    // Every failed check asks for it until it is done; while it waits to be done, the key keeps it single.
    await tx.task.runOnce(announceOutage, {
      label: `Announce: ${site.name} is down`,
      uniqueKey: `outage:${site.id}`,
      userdata: { siteId: site.id },
    })
  })
  return answer
}
