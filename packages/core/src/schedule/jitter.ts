import { createHash } from 'node:crypto'

/** Between 0 (included) and 1 (excluded), spread evenly over tasks and instants, and always the same for the same two. */
export function jitterFraction(taskId: string, instant: number): number {
  return createHash('sha256').update(`${taskId} ${instant}`).digest().readUIntBE(0, 6) / 2 ** 48
}
