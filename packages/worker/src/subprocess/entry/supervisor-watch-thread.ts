import { parentPort, workerData } from 'node:worker_threads'
import { readLifeEnd } from '../channel/shared-file.js'
import { machineNow } from '../pool-clock.js'
import { isThere } from './is-there.js'
import { killOwnGroup } from './kill-own-group.js'

/** How often it looks, milliseconds. */
const lookMs = 1_000

const { supervisor } = workerData as { readonly supervisor: number }
let gone = 0

setInterval(() => {
  gone = isThere(supervisor) ? 0 : gone + 1
  // The second time, since the main thread ends by itself unless it is blocked.
  if (gone >= 2) killOwnGroup()
}, lookMs)

parentPort?.once('message', endInTime)

/** Looks at the moment itself, unless it is moved before. */
function endInTime(sharedFile: number): void {
  const leftMs = readLifeEnd(sharedFile) - machineNow()
  if (leftMs <= 0) killOwnGroup()
  setTimeout(endInTime, Math.min(lookMs, Math.ceil(leftMs)), sharedFile)
}
