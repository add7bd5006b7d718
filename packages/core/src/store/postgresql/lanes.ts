import type { Tables } from './tables.js'

/**
 * Common table expression `due_queue(queue)`: the queues that hold due runs, found by jumping from one to the next
 * along the claim index. Its last row is null. Needs WITH RECURSIVE.
 */
export function dueQueues(tables: Tables): string {
  return `due_queue(queue) AS (
    (SELECT queue FROM ${tables.run} WHERE state = 'due' ORDER BY queue LIMIT 1)
    UNION ALL
    SELECT (SELECT r.queue FROM ${tables.run} AS r WHERE r.state = 'due' AND r.queue > d.queue ORDER BY r.queue LIMIT 1)
    FROM due_queue AS d WHERE d.queue IS NOT NULL
  )`
}

/**
 * Common table expression `lane(queue, priority)`: the pairs under which `scheduled` runs wait, found by jumping along
 * the claim index, so that a million future runs cost no more than one. Needs WITH RECURSIVE.
 */
export function scheduledLanes(tables: Tables): string {
  const scheduled = `FROM ${tables.run} AS r WHERE r.state = 'scheduled'`
  return `lane(queue, priority) AS (
    (SELECT queue, priority ${scheduled} ORDER BY queue, priority DESC LIMIT 1)
    UNION ALL
    SELECT step.queue, step.priority FROM lane AS l, LATERAL (
      SELECT near.queue, near.priority FROM (
        (SELECT r.queue, r.priority ${scheduled} AND r.queue = l.queue AND r.priority < l.priority
         ORDER BY r.priority DESC LIMIT 1)
        UNION ALL
        (SELECT r.queue, r.priority ${scheduled} AND r.queue > l.queue ORDER BY r.queue, r.priority DESC LIMIT 1)
      ) AS near ORDER BY near.queue, near.priority DESC LIMIT 1
    ) AS step
  )`
}

/** The nearest `dueAt` over all lanes. */
export function nextScheduled(tables: Tables): string {
  return `SELECT min(first."dueAt") FROM lane AS l, LATERAL (
    SELECT r."dueAt" FROM ${tables.run} AS r
    WHERE r.state = 'scheduled' AND r.queue = l.queue AND r.priority = l.priority
    ORDER BY r."dueAt" LIMIT 1
  ) AS first`
}
