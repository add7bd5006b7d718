/** What a request to a site gave. */
export interface Answer {
  /** HTTP status; null when there was no answer. */
  readonly status: number | null
  readonly latencyMs: number
  /** Why the site is not well; null when it is. */
  readonly error: string | null
}

/** How a site is requested. */
export interface RequestOptions {
  /** Longest wait for the whole answer, milliseconds. */
  readonly timeoutMs: number
  /** Ends the request for another reason than the site's slowness. */
  readonly signal: AbortSignal
}

/**
 * Requests a URL once. A site that is down is an answer too, not an error.
 *
 * @throws the reason of `signal` when that was aborted: it says nothing about the site.
 */
export async function requestSite(url: string, { timeoutMs, signal }: RequestOptions): Promise<Answer> {
  const start = performance.now()
  const latencyMs = () => Math.round(performance.now() - start)
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, timeout]) })
    await response.arrayBuffer()
    const error = response.ok ? null : `HTTP ${response.status} ${response.statusText}`
    return { status: response.status, latencyMs: latencyMs(), error }
  } catch (thrown) {
    signal.throwIfAborted()
    const error = timeout.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(thrown)
    return { status: null, latencyMs: latencyMs(), error }
  }
}

/** `fetch` says only that it failed; the connection's own error is its cause. */
function reasonOf(thrown: unknown): string {
  const error = member(thrown, 'cause') ?? thrown
  // A name with several addresses fails once for each: that error has a code and no message.
  const texts = [member(error, 'message'), member(error, 'code')]
  return texts.find(isText) ?? String(error)
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
