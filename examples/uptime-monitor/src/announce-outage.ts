import type { TaskContext } from '@sisy/core'
import { prisma } from './db.js'

/** Tells the world that a site is down. When that fails it is tried again: what it throws is a reason to. */
export async function announceOutage({
  task,
  message,
  signal,
}: TaskContext<{ siteId: number }>): Promise<string> {
  const site = await prisma.site.findUnique({ where: { id: task.userdata.siteId } })
  if (site?.state !== 'down') return 'not needed any more'
  if (site.announcedAt !== null) return 'announced before'
  if (site.alertUrl !== null) {
    const response = await fetch(site.alertUrl, {
      method: 'POST',
      // A run may happen twice when its worker dies at a bad moment: the key lets the receiver drop the second post.
      headers: { 'content-type': 'application/json', 'idempotency-key': message.runId ?? '' },
      body: JSON.stringify({ site: site.name, text: `${site.name} is down.` }),
      signal,
    })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${site.alertUrl} answered ${response.status} ${response.statusText}.`)
  }
  await prisma.site.updateMany({ where: { id: site.id, state: 'down' }, data: { announcedAt: new Date() } })
  return 'announced'
}
