import type { Finding } from '../../endurance/finding.js'
import type { History } from '../history/history.js'
import type { Aftermath } from '../history/recovery.js'
import { effectsOnce } from './effects-once.js'
import { endsTrue } from './ends-true.js'
import { iterationsExact } from './iterations-exact.js'
import { keysHeld } from './keys-held.js'
import { killedChildren } from './killed-children.js'
import { lastAttemptBegan } from './last-attempt-began.js'
import { noStaleWrite } from './no-stale-write.js'
import { nothingLost } from './nothing-lost.js'
import { oneHolder } from './one-holder.js'
import { programsStayed } from './programs-stayed.js'
import { recoveredInTime } from './recovered-in-time.js'
import { userCode } from './user-code.js'

/** Everything that the promise says, held against what happened. */
export function checkHistory(history: History, aftermaths: readonly Aftermath[]): Finding[] {
  return [
    nothingLost(history),
    oneHolder(history),
    noStaleWrite(history),
    endsTrue(history),
    killedChildren(history),
    lastAttemptBegan(history),
    userCode(history),
    keysHeld(history),
    iterationsExact(history),
    effectsOnce(history),
    programsStayed(history),
    recoveredInTime(aftermaths),
  ]
}
