import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals'
import { appStatements } from './conformance/app-statements.js'
import { attemptFigures } from './conformance/attempt-figures.js'
import type { StoreUnderTest } from './conformance/fixtures.js'
import { heartbeatStatements } from './conformance/heartbeat-statements.js'
import { heldRows } from './conformance/held-rows.js'
import { interleavings } from './conformance/interleavings.js'
import { lostRuns } from './conformance/lost-runs.js'
import { workerStatements } from './conformance/worker-statements.js'

export {
  claimRequest,
  newRun,
  newRunId,
  newRunIds,
  newTask,
  transitionAfter,
  type HeldRow,
  type StoreUnderTest,
} from './conformance/fixtures.js'

/** What every database's store must do. */
export function storeConformance(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(name, () => {
    // The tests are collected before the store can be opened; this is filled when it is.
    const under = {} as StoreUnderTest
    beforeAll(async () => {
      Object.assign(under, await open())
    })
    afterAll(() => under.close())
    beforeEach(() => under.clear())

    appStatements(under)
    workerStatements(under)
    heldRows(under)
    lostRuns(under)
    attemptFigures(under)
    heartbeatStatements(under)
    interleavings(under)
  })
}
