import { expect, test } from '@jest/globals'
import { day, openLife } from './task-life.js'

const told = (messages: readonly string[]) => messages.filter((message) => message.includes('s apart'))

test('a schedule finer than the heartbeat is told of once, when it is planned', async () => {
  await using life = await openLife(`${day}T10:00Z`)
  const { id } = await life.create({ label: 'fine', schedule: '* * * * * */10' })
  await life.create({ label: 'as fine', schedule: '* * * * * */10' })
  await life.create({ label: 'coarse', schedule: '* * * * * 10' })
  expect(await life.tick()).toMatchObject({ planned: 3, stamped: 0 })
  expect(told(life.log.messages)).toHaveLength(1)
  await life.live(`${day}T10:03Z`)
  expect(told(life.log.messages)).toHaveLength(1)
  expect(told(life.log.messages)[0]).toMatch(
    /^Task "(as )?fine" \(.+\): schedule ".+" has instants 10 s apart, but .+ at most every 60 s\./,
  )

  life.restartHeartbeat()
  await life.live(`${day}T10:05Z`)
  expect(told(life.log.messages)).toHaveLength(2)

  life.restartHeartbeat(10)
  await life.prisma.task.update({ where: { id }, data: { schedule: '* * * * * */20' } })
  await life.live(`${day}T10:06Z`)
  expect(told(life.log.messages)).toHaveLength(2)
})

test('a task that was planned by the app is told of when it is stamped', async () => {
  await using life = await openLife(`${day}T10:00Z`)
  await life.prisma.task.schedule('work', { schedule: '* * * * * 0,30', startRunning: `${day}T10:01:00Z` })
  await life.live(`${day}T10:00:30Z`)
  expect(told(life.log.messages)).toEqual([])
  await life.live(`${day}T10:01Z`)
  expect(told(life.log.messages)).toHaveLength(1)
})
