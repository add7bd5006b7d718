import type { WrittenRun } from '../store.js'
import { readInstant } from './json-rows.js'

/** A run as the statements that insert one return it. */
export interface WrittenRunJson {
  readonly id: string
  readonly state: WrittenRun['state']
  readonly dueAt: string
}

export function readWrittenRun({ id, state, dueAt }: WrittenRunJson): WrittenRun {
  return { id, state, dueAt: readInstant(dueAt) }
}
