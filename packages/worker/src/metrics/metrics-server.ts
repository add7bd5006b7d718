import { oneLine, type Logger } from '@sisy/core/internal'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Registry } from 'prom-client'
import { listenError } from './listen-error.js'

/** What is wrong at the moment, one sentence each; nothing when all is well. */
export interface HealthReport {
  readonly problems: readonly string[]
}

export interface MetricsServerOptions {
  /** 0 for any free one. */
  readonly port: number
  /** The name or address to listen on. `0.0.0.0` and `::` are all addresses of the machine. */
  readonly host: string
  /** What `/metrics` answers, in Prometheus's text format. */
  readonly metrics: () => Promise<string>
  /** Whether the worker works at all; `/healthz`. */
  readonly health: () => HealthReport
  /** Whether it takes runs now; `/readyz`. */
  readonly readiness: () => HealthReport
  readonly logger: Logger
}

export interface MetricsServer {
  /** Where it is reached, without a path: `http://127.0.0.1:9464`. */
  readonly url: string
  /** Ends it with all connections, also those kept alive. May be called again. */
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/**
 * Serves a worker's figures and health by HTTP.
 * @throws ConfigError when it cannot listen there.
 */
export async function openMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { logger } = options
  const paths = new Map<string, () => Promise<Answer>>([
    ['/metrics', async () => metricsAnswer(await options.metrics())],
    ['/healthz', async () => healthAnswer(options.health())],
    ['/readyz', async () => healthAnswer(options.readiness())],
  ])

  async function answer({ url = '/', method = 'GET' }: IncomingMessage): Promise<Answer> {
    const [path = '/'] = url.split('?')
    const make = paths.get(path)
    if (make === undefined) {
      const problem = `There is nothing at ${path}; known are ${[...paths.keys()].join(', ')}.`
      return json(404, { ok: false, problems: [problem] })
    }
    if (method !== 'GET' && method !== 'HEAD')
      return json(405, {
        ok: false,
        problems: [`${path} is only read: use GET or HEAD instead of ${method}.`],
      })
    try {
      return await make()
    } catch (error) {
      logger.error(
        { err: error },
        `A request for ${path} failed and was answered with 500: ${oneLine(error)}`,
      )
      return json(500, { ok: false, problems: [`${path} could not be made; the worker's log says why.`] })
    }
  }

  const server = createServer((request, response) => {
    void answer(request).then((made) => send(response, made))
  })
  await listen(server, options)
  server.on('error', (error) => {
    logger.error({ err: error }, `The metrics server has a problem and goes on: ${oneLine(error)}`)
  })
  return {
    url: urlOf(server, options.host),
    close: () => closeServer(server),
  }
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  })
  // Node leaves the body out of an answer to HEAD.
  response.end(body)
}

function metricsAnswer(body: string): Answer {
  return { status: 200, type: Registry.PROMETHEUS_CONTENT_TYPE, body }
}

function healthAnswer({ problems }: HealthReport): Answer {
  const ok = problems.length === 0
  return json(ok ? 200 : 503, { ok, problems })
}

function json(status: number, body: HealthReport & { readonly ok: boolean }): Answer {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n` }
}

async function listen(server: Server, { port, host }: MetricsServerOptions): Promise<void> {
  try {
    server.listen({ port, host })
    await once(server, 'listening')
  } catch (error) {
    throw listenError(error, port, host)
  }
}

function urlOf(server: Server, host: string): string {
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? `:${address.port}` : ''
  return `http://${host.includes(':') ? `[${host}]` : host}${port}`
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // Called with an error when it was closed before, which is as good.
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
