import { expect, test } from '@jest/globals'
import { retryPause } from '../../src/process/retry-pause.js'

test('pauses grow to a limit, whatever chance says', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 2000].map((failures) => [
    retryPause(failures, 0),
    retryPause(failures, 1),
  ])
  expect(pauses).toEqual([
    [125, 250],
    [250, 500],
    [500, 1000],
    [1000, 2000],
    [1250, 2500],
    [1250, 2500],
    [1250, 2500],
  ])
})
