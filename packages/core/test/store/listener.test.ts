import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createScratchDatabase, settableClock, type ScratchDatabase } from '@sisy/test-kit'
import { EventEmitter, once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import { openListener, type ListenerOptions } from '../../src/store/listener.js'

type Message = Parameters<ListenerOptions['onMessage']>[0]

const clock = settableClock('2030-01-01T00:00:00Z')

/** What a listener tells, as events to be awaited. */
function heard(connection: string) {
  const events = new EventEmitter()
  const log: (Message | 'trouble' | 'recovery')[] = []
  const options: ListenerOptions = {
    connection,
    channels: ['sisy.run_task', 'odd "name"'],
    clock,
    random: () => 1,
    onMessage: (message) => {
      log.push(message)
      events.emit('message')
    },
    onTrouble: () => {
      log.push('trouble')
      events.emit('trouble')
    },
    onRecovery: () => {
      log.push('recovery')
      events.emit('recovery')
    },
  }
  return { events, log, options }
}

describe('a listener', () => {
  let database: ScratchDatabase
  let client: pg.Client
  beforeAll(async () => {
    database = await createScratchDatabase({ schema: 'none' })
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    // Fails when a listener left its session open.
    await database.drop()
  })
  const notify = (channel: string, payload: string) =>
    client.query('SELECT pg_notify($1, $2)', [channel, payload])

  test('hears its channels, and says at first that it may have missed something', async () => {
    const { events, log, options } = heard(database.url)
    const listener = await openListener(options)
    const second = once(events, 'message')
    await notify('elsewhere', 'x')
    await notify('sisy.run_task', 'mail')
    await second
    const third = once(events, 'message')
    await notify('odd "name"', '')
    await third
    expect(log).toEqual([
      undefined,
      { channel: 'sisy.run_task', payload: 'mail' },
      { channel: 'odd "name"', payload: '' },
    ])
    await listener.close()
  })

  test('connects again after its session was ended', async () => {
    const { events, log, options } = heard(database.url)
    const listener = await openListener(options)
    const trouble = once(events, 'trouble')
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sisy-listen'`,
    )
    await trouble
    const recovery = once(events, 'recovery')
    clock.advance(499)
    expect(log).toEqual([undefined, 'trouble'])
    clock.advance(1)
    await recovery
    const message = once(events, 'message')
    await notify('sisy.run_task', 'again')
    await message
    expect(log).toEqual([
      undefined,
      'trouble',
      'recovery',
      undefined,
      { channel: 'sisy.run_task', payload: 'again' },
    ])
    await listener.close()
  })

  test('tells once of a server that is not there, and gives up when it is closed', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    const { log, options } = heard(`postgres://nobody@127.0.0.1:${port}/nothing`)
    const listener = await openListener(options)
    expect(log).toEqual(['trouble'])
    await listener.close()
    clock.advance(60_000)
    expect(log).toEqual(['trouble'])
  })

  test('tries one connection at a time, however long the server is away', async () => {
    const dialled = new EventEmitter()
    let attempts = 0
    const server = createServer((socket) => {
      attempts += 1
      socket.once('close', () => dialled.emit('closed'))
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { options } = heard(`postgres://nobody@127.0.0.1:${port}/nothing`)
    const listener = await openListener(options)
    for (let retries = 1; retries <= 4; retries += 1) {
      const closed = once(dialled, 'closed')
      clock.advance(60_000)
      await closed
      // What came of it reaches the listener a moment later.
      for (let n = 0; clock.pending === 0 && n < 10_000; n += 1) await setImmediate()
      expect({ attempts, waiting: clock.pending }).toEqual({ attempts: retries + 1, waiting: 1 })
    }
    await listener.close()
    server.close()
  })
})
