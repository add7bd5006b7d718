import type { Outcome } from '@sisy/core/internal'
import type { RunContext } from '../subprocess/index.js'
import { fromAttemptMessage } from './attempt-message.js'
import type { ChildRequest } from './child-request.js'
import { openChildApp, type ChildApp, type ChildAppOptions } from './open-child-app.js'
import { reviveAbort } from './revive-abort.js'

// The module that the worker's pool loads in each child.

export function setup(options: ChildAppOptions): Promise<ChildApp> {
  return openChildApp(options)
}

/** @returns how the attempt ended, or how many connections this child's client may open, null when that is unknown. */
export default async function serve(
  request: ChildRequest,
  context: RunContext<ChildApp>,
): Promise<Outcome | number | null> {
  const { executeAttempt, connections } = context.shared
  if (request.kind === 'connections') return connections
  const abort = reviveAbort(context)
  return executeAttempt(fromAttemptMessage(request.attempt), abort)
}

export async function teardown(app: ChildApp): Promise<void> {
  await app.close()
}
