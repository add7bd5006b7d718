import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import {
  createScratchDatabase,
  settableClock,
  startDatabaseProxy,
  type ScratchDatabase,
} from '@sisy/test-kit'
import { EventEmitter, once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@sisy/core/internal'
import pg from 'pg'
import { openListener, type ListenerOptions } from '../../src/store/listener.js'

type Message = Parameters<ListenerOptions['onMessage']>[0]

const clock = settableClock('2030-01-01T00:00:00Z')

/** The same clock, which notes what is waited for. */
function notingClock() {
  const delays: number[] = []
  const noting: Clock = {
    ...clock,
    after: (ms, callback) => {
      delays.push(ms)
      return clock.after(ms, callback)
    },
  }
  return { noting, delays }
}

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
  afterEach(async () => {
    // What a closed listener waited for is told, and its deadline is taken off.
    for (let n = 0; clock.pending > 0 && n < 10_000; n += 1) await setImmediate()
    expect(clock.pending).toBe(0)
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
    listener.close()
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
    clock.advance(249)
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
    listener.close()
  })

  test('tells once of a server that is not there, and gives up when it is closed', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    const { log, options } = heard(`postgres://nobody@127.0.0.1:${port}/nothing`)
    const listener = await openListener(options)
    expect(log).toEqual(['trouble'])
    listener.close()
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
    const { noting, delays } = notingClock()
    const listener = await openListener({ ...options, clock: noting })
    for (let retries = 1; retries <= 4; retries += 1) {
      const closed = once(dialled, 'closed')
      clock.advance(2_500)
      await closed
      // What came of it reaches the listener a moment later; until then it waits for no more than its deadline.
      while (delays.at(-1) === 5_000 || clock.pending > 1) await setImmediate()
      expect({ attempts, waiting: clock.pending }).toEqual({ attempts: retries + 1, waiting: 1 })
    }
    listener.close()
    server.close()
  })

  describe('whose connection is dead without a sign of it', () => {
    test('finds that out within 35 s, and connects again', async () => {
      const proxy = await startDatabaseProxy(database.url)
      const { events, log, options } = heard(proxy.url)
      const listener = await openListener(options)
      proxy.forget()
      const trouble = once(events, 'trouble')
      clock.advance(120_000)
      clock.advance(5_000)
      await trouble
      const recovery = once(events, 'recovery')
      clock.advance(250)
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
      listener.close()
      proxy.close()
    })

    test('is probed again and again while it lives', async () => {
      const { log, options } = heard(database.url)
      const { noting, delays } = notingClock()
      const listener = await openListener({ ...options, clock: noting })
      for (let probes = 1; probes <= 3; probes += 1) {
        expect(delays).toHaveLength(2 * probes)
        clock.advance(120_000)
        for (let n = 0; delays.length < 2 * probes + 2 && n < 10_000; n += 1) await setImmediate()
      }
      expect(log).toEqual([undefined])
      expect(delays).toEqual(delays.map((_, n) => (n % 2 === 0 ? 5_000 : 120_000)))
      listener.close()
    })

    test('is not waited for, neither by a try to connect nor by an end', async () => {
      const proxy = await startDatabaseProxy(database.url)
      proxy.stall()
      const { log, options } = heard(proxy.url)
      const opening = openListener(options)
      clock.advance(5_000)
      const listener = await opening
      expect(log).toEqual(['trouble'])
      clock.advance(250)
      listener.close()
      proxy.close()
      const other = await startDatabaseProxy(database.url)
      const dead = await openListener(heard(other.url).options)
      other.forget()
      dead.close()
      other.close()
    })
  })
})
