import type { RequestListener } from 'node:http'

const SLOW_MS = 1200

/** How each target answers. Made anew for each server, for some count their requests. */
export const behaviours = {
  /** Answers at once. */
  fast: () => (_request, response) => response.end('ok'),
  /** Answers after more than a second. */
  slow: () => (_request, response) => {
    const timer = setTimeout(() => response.end('ok, at last'), SLOW_MS)
    response.on('close', () => clearTimeout(timer))
  },
  /** Every third answer is an error. */
  flaky: () => {
    let requests = 0
    return (_request, response) => {
      requests += 1
      response.writeHead(requests % 3 === 0 ? 503 : 200).end()
    }
  },
  /** Closes every connection without an answer. */
  down: () => (request) => request.socket.destroy(),
  /** Takes alerts, but each one only when it is posted again: alerting has its bad moments too. */
  alerts: () => {
    const seen = new Set<string>()
    return (request, response) => {
      const key = String(request.headers['idempotency-key'])
      response.writeHead(seen.has(key) ? 202 : 503).end()
      seen.add(key)
    }
  },
} satisfies Record<string, () => RequestListener>

export type TargetName = keyof typeof behaviours
