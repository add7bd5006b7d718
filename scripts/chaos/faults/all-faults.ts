import { clockJumped } from './clock-jumped.js'
import { connectionsExhausted } from './connections-exhausted.js'
import { backendsTerminated, databaseCrashed, databaseRestarted } from './database-restarted.js'
import { diskFull } from './disk-full.js'
import type { Fault } from './fault.js'
import { childKilled, heartbeatKilled, workerKilled } from './killed.js'
import { connectionsHalfOpen, networkCut, networkStalled } from './network.js'
import { poolerRestarted } from './pooler-restarted.js'
import { rowsLocked } from './rows-locked.js'
import { heartbeatStopped, workerStopped } from './stopped.js'

/** Every fault there is, in the order of the table. */
export const allFaults: readonly Fault[] = [
  workerKilled,
  childKilled,
  heartbeatKilled,
  workerStopped,
  heartbeatStopped,
  databaseRestarted,
  databaseCrashed,
  backendsTerminated,
  connectionsExhausted,
  networkCut,
  networkStalled,
  connectionsHalfOpen,
  poolerRestarted,
  clockJumped,
  rowsLocked,
  diskFull,
]
