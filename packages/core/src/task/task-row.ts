import type { JsonObject, JsonValue } from '../json/json-value.js'
import type { Misfire } from './task-options.js'

/** A row of Task. The fragment `prisma/sisy.prisma` says what each field means. */
export interface TaskRow<Userdata = JsonObject> {
  id: string
  key: string | null
  label: string
  callable: string
  modelName: string | null
  modelKey: JsonValue
  userdata: Userdata
  schedule: string
  timezone: string
  enabled: boolean
  startRunning: Date | null
  endRunning: Date | null
  waitForSchedule: boolean
  iterations: number
  allowOverlap: boolean
  misfire: Misfire
  misfireWindow: number | null
  misfireLimit: number
  jitterSeconds: number
  queue: string
  priority: number
  maxAttempts: number
  backoff: JsonValue
  timeoutSeconds: number | null
  onMissingRecord: 'fail' | 'delete'
  lastRun: Date | null
  nextRun: Date | null
  endedAt: Date | null
  problem: string | null
  createdAt: Date
  modifiedAt: Date
}
