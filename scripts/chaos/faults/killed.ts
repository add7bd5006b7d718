import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { listProcesses } from '../../processes/list-processes.js'
import { oneOf } from '../plan/random.js'
import type { KeptProgram } from '../programs/keep-program.js'
import { instantly, nothingToEnd, type Fault, type Scene } from './fault.js'

/** The leases of the cast, and what may pass from the end of one to the next start, milliseconds. */
const leaseMs = 5_000
const rescueMs = 5_000

export const workerKilled: Fault = {
  ...instantly,
  name: 'worker killed (SIGKILL)',
  reach: 'worker',
  recovery: { by: 'same runs', limitMs: leaseMs + rescueMs },
  harm: 'loses leases',
  inject: async ({ choose }) => {
    const program = choose(({ role }) => role.kind === 'worker')
    await program.kill()
    return { end: nothingToEnd }
  },
}

export const childKilled: Fault = {
  ...instantly,
  name: 'child process killed (SIGKILL)',
  reach: 'child',
  recovery: { by: 'same runs', limitMs: 1_000 },
  harm: 'none',
  inject: async (scene) => {
    const program = scene.choose(({ role }) => role.execution === 'children')
    const pid = await chooseChild(scene, program)
    const at = Date.now()
    process.kill(pid, 'SIGKILL')
    return { pid, at, end: nothingToEnd }
  },
}

export const heartbeatKilled: Fault = {
  ...instantly,
  name: 'heartbeat killed (SIGKILL)',
  reach: 'heartbeat',
  recovery: { by: 'same program', limitMs: null },
  harm: 'none',
  inject: async ({ choose }) => {
    const program = choose(({ role }) => role.kind === 'heartbeat')
    await program.kill()
    return { end: nothingToEnd }
  },
}

/** One that runs user code; waits a moment for one that does. */
async function chooseChild({ stage, random }: Scene, program: KeptProgram): Promise<number> {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    const children = childrenOf(program)
    const busy = await stage.database.query<{ pid: number }>(calling, [program.label()])
    const busyChildren = children.filter((child) => busy.some(({ pid }) => pid === child))
    if (busyChildren.length > 0) return oneOf(random, busyChildren)
    if (waitedMs >= mostWaitMs) return oneOf(random, children)
    await sleep(pauseMs)
  }
}

const pauseMs = 50
const mostWaitMs = 4_000

/** Calls that have begun and have not said that they end. */
const calling = `
  SELECT DISTINCT pid FROM chaos_ledger AS l JOIN sisy_task_run AS r ON r.id = l.run AND r.state = 'running'
  WHERE program = $1 AND kind = 'begin' AND at > clock_timestamp() - interval '15 s'
    AND NOT EXISTS (SELECT FROM chaos_ledger AS o WHERE o.call = l.call AND o.kind IN ('end', 'thrown'))`

function childrenOf(program: KeptProgram): number[] {
  return listProcesses()
    .filter(({ parent, state }) => parent === program.pid() && state !== 'Z')
    .map(({ pid }) => pid)
}
