import { expect, test } from '@jest/globals'
import { createLoop, systemClock } from '@sisy/core/internal'
import { settableClock } from '@sisy/test-kit'

/** A loop whose turns a test ends by hand, each with its pause in milliseconds or an error. */
function openLoop() {
  const clock = settableClock(systemClock.now())
  const begun: ((end: number | Error) => void)[] = []
  let onBegun = (): void => undefined
  const loop = createLoop({
    clock,
    turn: () =>
      new Promise((resolve, reject) => {
        begun.push((end) => (end instanceof Error ? reject(end) : resolve(end)))
        onBegun()
      }),
    onTrouble: () => undefined,
    onRecovery: () => undefined,
    random: () => 1,
  })
  const turn = async (number: number): Promise<(end: number | Error) => void> => {
    while (begun.length < number) await new Promise<void>((resolve) => (onBegun = resolve))
    return begun[number - 1] ?? (() => undefined)
  }
  const paused = async (): Promise<void> => {
    while (clock.pending === 0) await new Promise(setImmediate)
  }
  return { clock, loop, turn, paused, begun }
}

test('a turn follows when the pause is over, and at once when it is woken', async () => {
  const { clock, loop, turn, paused } = openLoop()
  loop.start()
  ;(await turn(1))(1_000)
  await paused()
  clock.advance(1_000)
  ;(await turn(2))(Infinity)
  await paused()
  loop.wake()
  ;(await turn(3))(0)
  ;(await turn(4))(1)
  await loop.stop()
})

test('a wake-up during a turn makes another follow, also during the one that ends a trouble', async () => {
  const { clock, loop, turn, paused } = openLoop()
  loop.start()
  const first = await turn(1)
  loop.wake()
  first(Infinity)
  ;(await turn(2))(new Error('The database is away.'))
  await paused()
  clock.advance(2_500)
  const third = await turn(3)
  loop.wake()
  third(Infinity)
  ;(await turn(4))(1)
  await loop.stop()
})

test('a wake-up does not cut the pause after a failure short', async () => {
  const { clock, loop, turn, paused, begun } = openLoop()
  loop.start()
  ;(await turn(1))(new Error('The database is away.'))
  await paused()
  loop.wake()
  await new Promise(setImmediate)
  expect(begun).toHaveLength(1)
  clock.advance(2_500)
  ;(await turn(2))(1)
  await loop.stop()
})
