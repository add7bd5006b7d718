import { afterEach, describe, expect, test } from '@jest/globals'
import { ConfigError } from '@sisy/core/internal'
import { recordedLog } from '@sisy/test-kit'
import { EventEmitter, once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { listenError } from '../../src/metrics/listen-error.js'
import { openMetricsServer, type MetricsServerOptions } from '../../src/metrics/metrics-server.js'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close()
})

async function open(options: Partial<MetricsServerOptions> = {}) {
  const log = recordedLog()
  const server = await openMetricsServer({
    port: 0,
    host: '127.0.0.1',
    metrics: async () => 'sisy_runs_total 1\n',
    health: () => ({ problems: [] }),
    readiness: () => ({ problems: [] }),
    logger: log.logger,
    ...options,
  })
  opened.push(server)
  return { ...server, log }
}

async function ask(url: string, { method = 'GET', agent }: { method?: string; agent?: Agent } = {}) {
  const asked = request(url, { method, ...(agent === undefined ? {} : { agent }) })
  asked.end()
  const [response]: IncomingMessage[] = await once(asked, 'response')
  return { status: response!.statusCode, headers: response!.headers, body: await text(response!) }
}

describe('the metrics server', () => {
  test('answers a scrape with what the figures are then', async () => {
    let scrapes = 0
    const { url } = await open({ metrics: async () => `sisy_scrapes ${(scrapes += 1)}\n` })
    expect(await ask(`${url}/metrics`)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: 'sisy_scrapes 1\n',
    })
    expect((await ask(`${url}/metrics?again`)).body).toBe('sisy_scrapes 2\n')
  })

  test('tells health and readiness apart', async () => {
    let problems: string[] = []
    const { url } = await open({ readiness: () => ({ problems }) })
    expect(await ask(`${url}/readyz`)).toMatchObject({ status: 200, body: '{"ok":true,"problems":[]}\n' })
    problems = ['The database does not answer.']
    const unready = await ask(`${url}/readyz`)
    expect(unready).toMatchObject({
      status: 503,
      headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    })
    expect(JSON.parse(unready.body)).toEqual({ ok: false, problems })
    expect(await ask(`${url}/healthz`)).toMatchObject({ status: 200 })
  })

  test('is unhealthy when told so', async () => {
    const { url } = await open({ health: () => ({ problems: ['It hangs.'] }) })
    expect(await ask(`${url}/healthz`)).toMatchObject({ status: 503 })
  })

  test('answers HEAD like GET, without the body', async () => {
    const { url } = await open()
    for (const path of ['/metrics', '/healthz', '/readyz']) {
      const whole = await ask(url + path)
      const head = await ask(url + path, { method: 'HEAD' })
      expect(head).toMatchObject({ status: 200, body: '' })
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(whole.body)))
      expect(head.headers['content-type']).toBe(whole.headers['content-type'])
    }
  })

  test.each(['/', '/metrics/', '/healthz2', '//metrics'])(
    'has nothing at %s, and says where it has something',
    async (path) => {
      const { url } = await open()
      const answer = await ask(url + path)
      expect(answer.status).toBe(404)
      expect(JSON.parse(answer.body)).toEqual({
        ok: false,
        problems: [`There is nothing at ${path}; known are /metrics, /healthz, /readyz.`],
      })
    },
  )

  test('takes no other method', async () => {
    const { url } = await open()
    for (const method of ['POST', 'DELETE', 'OPTIONS']) {
      expect(await ask(`${url}/metrics`, { method })).toMatchObject({
        status: 405,
        headers: { allow: 'GET, HEAD' },
      })
    }
  })

  test('outlives a scrape that fails', async () => {
    let failing = true
    const { url, log } = await open({
      metrics: async () => {
        if (failing) throw new Error('No figures today.')
        return 'sisy_runs_total 1\n'
      },
      health: () => {
        throw new Error('No health today.')
      },
    })
    const failed = await ask(`${url}/metrics`)
    expect(failed.status).toBe(500)
    expect(failed.body).not.toContain('today')
    expect(await ask(`${url}/healthz`)).toMatchObject({ status: 500 })
    expect(log.messages).toEqual([
      'A request for /metrics failed and was answered with 500: No figures today.',
      'A request for /healthz failed and was answered with 500: No health today.',
    ])
    failing = false
    expect(await ask(`${url}/metrics`)).toMatchObject({ status: 200 })
  })

  test('outlives a client that goes away, and one that talks nonsense', async () => {
    const events = new EventEmitter()
    const scraped = once(events, 'scraped')
    const made = once(events, 'made')
    const { url } = await open({
      metrics: async () => {
        events.emit('scraped')
        await made
        return 'sisy_runs_total 1\n'
      },
    })
    const impatient = connect(Number(new URL(url).port), '127.0.0.1')
    impatient.write('GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n')
    await scraped
    impatient.destroy()
    await once(impatient, 'close')
    const confused = connect(Number(new URL(url).port), '127.0.0.1')
    confused.write('\u0000 nonsense\r\n\r\n')
    expect(await text(confused)).toContain('400 Bad Request')
    events.emit('made')
    expect(await ask(`${url}/metrics`)).toMatchObject({ status: 200 })
  })

  test('ends with the connections that are kept alive, and those that wait for an answer', async () => {
    const { url, close } = await open({ metrics: () => new Promise(() => {}) })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    await ask(`${url}/healthz`, { agent })
    const [kept] = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])
    const keptEnds = once(kept!, 'close')
    const waiting = request(`${url}/metrics`, { agent: new Agent() })
    const waitingEnds = once(waiting, 'response').catch((error: unknown) => error)
    waiting.end()
    await once(waiting, 'finish')
    await close()
    await keptEnds
    expect(await waitingEnds).toMatchObject({ code: 'ECONNRESET' })
    await close()
    await expect(ask(`${url}/healthz`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('serves IPv6 addresses, in a URL as they are written there', async () => {
    const { url } = await open({ host: '::1' })
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect(await ask(`${url}/healthz`)).toMatchObject({ status: 200 })
  })
})

describe('a place where it cannot listen', () => {
  const failureOf = (options: Partial<MetricsServerOptions>) =>
    open(options).then(
      ({ url }) => url,
      (error: unknown) => error,
    )

  test('is told by its port when that is in use', async () => {
    const { url } = await open()
    const port = Number(new URL(url).port)
    const error = await failureOf({ port })
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({
      facts: { setting: 'worker.metricsPort', value: port },
      message: `The metrics port ${port} is in use on 127.0.0.1, perhaps by another worker. Choose another with --metrics-port or SISY_METRICS_PORT; 0 takes any free one.`,
    })
  })

  test('is told by its host when that is not of this machine', async () => {
    const error = await failureOf({ host: '192.0.2.1' })
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({
      facts: { setting: 'worker.metricsHost', value: '192.0.2.1' },
      message: expect.stringContaining('192.0.2.1, which is no address of this machine'),
    })
  })

  test('is told for a port that is none', async () => {
    const error = await failureOf({ port: 70_000 })
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ message: expect.stringContaining('70000') })
  })

  // Which ports need rights differs by machine, and root may open all: the system's own answer is made here.
  test('is told for a port that needs rights', () => {
    const error = listenError(Object.assign(new Error('listen EACCES'), { code: 'EACCES' }), 80, '0.0.0.0')
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(/not permitted to open the metrics port 80 on 0\.0\.0\.0.*--metrics-port/)
  })
})
