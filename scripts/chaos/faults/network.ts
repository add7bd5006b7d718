import type { TcpProxy } from '../../../packages/test-kit/dist/index.js'
import type { Fault } from './fault.js'

const broken = (name: string, lastsMs: number, breakIt: (network: TcpProxy) => void): Fault => ({
  name,
  reach: 'network',
  recovery: { by: 'same program', limitMs: null },
  harm: 'loses leases',
  lastsMs,
  inject: async ({ choose }) => {
    const program = choose(() => true)
    breakIt(program.network)
    return { end: () => program.network.heal() }
  },
})

export const networkCut = broken('network cut (reset, then refused)', 4_000, (network) => network.cut())
export const networkStalled = broken('network stalled (nothing passes)', 7_000, (network) => network.stall())
/** The connections stay half-open for good, so the end changes nothing. */
export const connectionsHalfOpen = broken('connections half-open', 100, (network) => network.forget())
