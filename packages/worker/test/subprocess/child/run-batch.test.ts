import { expect, it } from '@jest/globals'
import { setImmediate } from 'node:timers/promises'
import type { SentRun, ToChild } from '../../../src/subprocess/channel/messages.js'
import { createRunBatch } from '../../../src/subprocess/child/run-batch.js'

const sentRun = (run: number): SentRun => ({ run, sequence: run, name: '', value: {}, until: undefined })

/** A channel that takes no message with these runs. */
function channel(...unsendable: number[]) {
  const sent: number[][] = []
  const refused: number[] = []
  const batch = createRunBatch((message: ToChild) => {
    const runs = message.kind === 'run' ? message.runs.map(({ run }) => run) : []
    if (runs.some((run) => unsendable.includes(run))) return new RangeError('Invalid string length')
    sent.push(runs)
    return null
  })
  return { batch, sent, refused, add: (run: number) => batch.add(sentRun(run), () => refused.push(run)) }
}

it('sends the runs of one turn of the event loop in one message', async () => {
  const { sent, add } = channel()
  add(1)
  add(2)
  expect(sent).toEqual([])
  await setImmediate()
  add(3)
  await setImmediate()
  expect(sent).toEqual([[1, 2], [3]])
})

it('sends them at once before something else that follows', async () => {
  const { batch, sent, add } = channel()
  add(1)
  batch.flush()
  expect(sent).toEqual([[1]])
  await setImmediate()
  expect(sent).toEqual([[1]])
})

it('refuses only the run that cannot be sent', async () => {
  const { sent, refused, add } = channel(2)
  for (const run of [1, 2, 3]) add(run)
  await setImmediate()
  expect(sent).toEqual([[1], [3]])
  expect(refused).toEqual([2])
})
