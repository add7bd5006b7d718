import { workerData } from 'node:worker_threads'
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
