export { createWorker, type Worker } from './create-worker.js'
export type { WorkerFigures } from './metrics/worker-metrics.js'
export type { WorkerOptions } from './worker-options.js'
