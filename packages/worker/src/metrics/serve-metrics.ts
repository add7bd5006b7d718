import type { OpenedApp } from '@sisy/core/internal'
import type { Worker } from '../create-worker.js'
import { openMetricsServer } from './metrics-server.js'
import { prometheusText } from './prometheus-text.js'

/**
 * Serves a worker's figures and health where the settings say; nowhere when they name no port.
 *
 * @throws ConfigError when it cannot listen there.
 */
export async function serveMetrics(
  worker: Worker,
  { settings, logger }: Pick<OpenedApp, 'settings' | 'logger'>,
): Promise<AsyncDisposable> {
  const { metricsPort: port, metricsHost: host } = settings.worker
  if (port === null) return { [Symbol.asyncDispose]: async () => undefined }
  const server = await openMetricsServer({
    port,
    host,
    metrics: () =>
      prometheusText(worker.figures(), { worker: worker.id, ready: worker.problems().length === 0 }),
    // Whoever can be answered has an event loop that turns; all else mends itself or ends the process.
    health: () => ({ problems: [] }),
    readiness: () => ({ problems: worker.problems() }),
    logger,
  })
  logger.info(`Serving ${server.url}/metrics, /healthz and /readyz.`)
  return { [Symbol.asyncDispose]: () => server.close() }
}
