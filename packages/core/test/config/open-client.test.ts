import { describe, expect, it } from '@jest/globals'
import { openClient } from '../../src/config/open-client.js'
import type { PrismaSource, SomeClient } from '../../src/config/prisma-source.js'

const context = { role: 'supervisor', concurrency: 3 } as const
const path = '/app/sisy.config.ts'

function clientWithPlugin(): SomeClient & { ends: number } {
  const client = {
    ends: 0,
    $disconnect: async () => {
      client.ends += 1
    },
    $sisy: {},
  }
  return client
}

describe('openClient', () => {
  it.each<[string, (client: SomeClient) => PrismaSource]>([
    ['a client', (client) => client],
    ['a function', (client) => () => client],
    ['an async function', (client) => async () => client],
  ])('takes %s, and disconnects it once', async (_, source) => {
    const client = clientWithPlugin()
    const opened = await openClient(source(client), context, path)
    expect(opened.prisma).toBe(client)
    await opened.close()
    await opened.close()
    expect(client.ends).toBe(1)
  })

  it.each<[string, (given: { prisma: SomeClient; close: () => unknown }) => PrismaSource]>([
    ['an object', (given) => given],
    ['an async function', (given) => async () => given],
  ])('closes %s by its own close', async (_, source) => {
    const client = clientWithPlugin()
    let closed = 0
    const opened = await openClient(source({ prisma: client, close: () => (closed += 1) }), context, path)
    expect(opened.prisma).toBe(client)
    await opened.close()
    await opened.close()
    expect([closed, client.ends]).toEqual([1, 0])
  })

  it('tells a function what the client is for', async () => {
    const told: unknown[] = []
    await openClient((given) => (told.push(given), clientWithPlugin()), context, path)
    expect(told).toEqual([context])
  })

  it('refuses a client without the plugin', async () => {
    await expect(openClient({ $disconnect: async () => {} }, context, path)).rejects.toThrow(
      `The \`prisma\` of ${path} is a Prisma client without the plugin.`,
    )
  })

  it('refuses what is no client', async () => {
    const nothing = (() => undefined) as unknown as PrismaSource
    await expect(openClient(nothing, context, path)).rejects.toThrow(
      `The \`prisma\` of ${path} is undefined, which is no Prisma client.`,
    )
  })

  it('tells of a function that fails', async () => {
    const failing = () => {
      throw new Error('no secrets today')
    }
    await expect(openClient(failing, context, path)).rejects.toThrow(
      `The function \`prisma\` of ${path} failed: no secrets today`,
    )
  })
})
