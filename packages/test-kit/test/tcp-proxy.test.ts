import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { startTcpProxy, type TcpProxy } from '@sisy/test-kit'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

let server: Server
let accepted: Socket[]
let heard: string
let proxy: TcpProxy
let opened: Socket[]

const portOf = (listening: Server): number => (listening.address() as AddressInfo).port

beforeEach(async () => {
  accepted = []
  opened = []
  heard = ''
  server = createServer((socket) => {
    accepted.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
      socket.write(chunk)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = await startTcpProxy({ host: '127.0.0.1', port: portOf(server) })
})

afterEach(() => {
  proxy.close()
  for (const socket of [...opened, ...accepted]) socket.destroy()
  server.close()
})

function dial(port = proxy.port): Socket {
  const socket = connect({ host: '127.0.0.1', port })
  opened.push(socket)
  return socket
}

/** Sends a text and resolves to what comes back. */
async function echo(socket: Socket, text: string): Promise<string> {
  const replied = once(socket, 'data')
  socket.write(text)
  const [chunk] = (await replied) as [Buffer]
  return chunk.toString()
}

/** What would have been forwarded has been, when these have come back. */
async function roundTripsBeside(): Promise<void> {
  const beside = dial(portOf(server))
  for (let n = 0; n < 50; n += 1) await echo(beside, '.')
}

const heardThrough = (): string => heard.replaceAll('.', '')

test('forwards both ways, and the end of a connection', async () => {
  const socket = dial()
  expect(await echo(socket, 'a')).toBe('a')
  const ended = once(accepted[0]!, 'end')
  const closed = once(socket, 'close')
  socket.end()
  await Promise.all([ended, closed])
})

test('cut: resets what is connected and refuses what is new', async () => {
  const socket = dial()
  await echo(socket, 'a')
  const reset = once(accepted[0]!, 'error')
  const failed = once(socket, 'error')
  proxy.cut()
  expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
  expect((await reset)[0]).toMatchObject({ code: 'ECONNRESET' })
  expect((await once(dial(), 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' })
  await proxy.heal()
  expect(await echo(dial(), 'b')).toBe('b')
})

test('stall: holds old connections and new ones, which go on when it is over', async () => {
  const old = dial()
  await echo(old, 'a')
  proxy.stall()
  const young = dial()
  await once(young, 'connect')
  const replies = Promise.all([echo(old, 'b'), echo(young, 'c')])
  await roundTripsBeside()
  expect(heardThrough()).toBe('a')
  await proxy.heal()
  expect(await replies).toEqual(['b', 'c'])
})

test('forget: leaves connections half-open for good, and serves new ones', async () => {
  const old = dial()
  await echo(old, 'a')
  const ends: string[] = []
  for (const socket of [old, accepted[0]!]) socket.on('close', () => ends.push('closed'))
  proxy.forget()
  old.write('b')
  accepted[0]!.end()
  expect(await echo(dial(), 'c')).toBe('c')
  await proxy.heal()
  await roundTripsBeside()
  expect({ heard: heardThrough(), ends }).toEqual({ heard: 'ac', ends: [] })
})
