import { churn } from './churn.js'
import { circumstances } from './circumstances.js'
import { drain } from './drain.js'
import { enqueue } from './enqueue.js'
import { growth } from './growth.js'
import { idle } from './idle.js'
import { latency } from './latency.js'
import type { Measurement } from './measurement.js'
import { memory } from './memory.js'
import { nextInstant } from './next-instant.js'
import { sameInstant } from './same-instant.js'
import { stamping } from './stamping.js'

export const allMeasurements: readonly Measurement[] = [
  drain,
  circumstances,
  churn,
  enqueue,
  latency,
  idle,
  memory,
  stamping,
  sameInstant,
  nextInstant,
  growth,
]
