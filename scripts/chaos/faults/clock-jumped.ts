import { instantly, nothingToEnd, type Fault } from './fault.js'

export const clockJumped: Fault = {
  ...instantly,
  name: 'clock of one program jumped an hour',
  reach: 'network',
  recovery: { by: 'same program', limitMs: null },
  harm: 'none',
  inject: async ({ choose }) => {
    const program = choose(() => true)
    program.signal('SIGUSR2')
    return { end: nothingToEnd }
  },
}
