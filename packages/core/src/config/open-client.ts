import { inspect } from 'node:util'
import { ConfigError } from '../errors/errors.js'
import { oneLine } from '../errors/one-line.js'
import { findRuntime, type SisyRuntime } from '../extension/sisy-runtime.js'
import type { ClientContext, ClientFactory, PrismaSource, SomeClient } from './prisma-source.js'

/** The app's Prisma client, open until `close()` is called. */
export interface OpenedClient {
  /** A client made with the plugin. */
  readonly prisma: SomeClient
  /** What the plugin left on it. */
  readonly runtime: SisyRuntime
  /** Ends the client: the configuration's own `close`, or `$disconnect()`. A second call does nothing. */
  close(): Promise<void>
}

/**
 * Makes the client a configuration describes. `path` is the configuration's, for messages.
 *
 * @throws ConfigError when the source throws, gives no client, or gives one without the plugin.
 */
export async function openClient(
  source: PrismaSource,
  context: ClientContext,
  path: string,
): Promise<OpenedClient> {
  const given = typeof source === 'function' ? await callSource(source, context, path) : source
  const prisma = isClosable(given) ? given.prisma : given
  const runtime = findRuntime(prisma)
  if (!isClient(prisma) || runtime === undefined) throw notAClient(prisma, path)
  const end = async () => {
    await (isClosable(given) ? given.close() : prisma.$disconnect())
  }
  let ended: Promise<void> | undefined
  return { prisma, runtime, close: () => (ended ??= end()) }
}

async function callSource(source: ClientFactory, context: ClientContext, path: string): Promise<unknown> {
  try {
    return await source(context)
  } catch (thrown) {
    throw new ConfigError(
      `The function \`prisma\` of ${path} failed: ${oneLine(thrown)}`,
      { setting: 'prisma', source: path },
      { cause: thrown },
    )
  }
}

function notAClient(value: unknown, path: string): ConfigError {
  const facts = { setting: 'prisma', source: path }
  if (isClient(value)) {
    return new ConfigError(
      `The \`prisma\` of ${path} is a Prisma client without the plugin. Give the extended one: base.$extends(sisy(base, { … })).`,
      facts,
    )
  }
  return new ConfigError(
    `The \`prisma\` of ${path} is ${inspect(value, { depth: 0 })}, which is no Prisma client. ` +
      'Give the client made with base.$extends(sisy(base, { … })), or a function that returns it.',
    facts,
  )
}

function isClosable(value: unknown): value is { prisma: unknown; close: () => unknown } {
  return (
    isObject(value) &&
    findRuntime(value) === undefined &&
    'prisma' in value &&
    typeof value['close'] === 'function'
  )
}

function isClient(value: unknown): value is SomeClient {
  return isObject(value) && typeof value['$disconnect'] === 'function'
}

const isObject = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null
