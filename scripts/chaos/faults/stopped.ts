import type { Fault } from './fault.js'

/** Longer than a lease, so that what comes back is a zombie. */
const lastsMs = 8_000

export const workerStopped: Fault = {
  name: 'worker stopped past its lease (SIGSTOP)',
  reach: 'worker',
  recovery: { by: 'same program', limitMs: null },
  harm: 'loses leases',
  lastsMs,
  inject: async ({ choose }) => {
    const program = choose(({ role }) => role.kind === 'worker')
    program.signal('SIGSTOP')
    return { end: async () => program.signal('SIGCONT') }
  },
}

export const heartbeatStopped: Fault = {
  name: 'heartbeat stopped (SIGSTOP)',
  reach: 'heartbeat',
  recovery: { by: 'same program', limitMs: null },
  harm: 'none',
  lastsMs,
  inject: async ({ choose }) => {
    const program = choose(({ role }) => role.kind === 'heartbeat')
    program.signal('SIGSTOP')
    return { end: async () => program.signal('SIGCONT') }
  },
}
