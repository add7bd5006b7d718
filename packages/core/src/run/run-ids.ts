import { V7Generator } from 'uuidv7'

/**
 * Makes UUIDs version 7 for runs, so that the primary key grows in the order of time; those of one maker ascend.
 *
 * @returns a function that makes the next one.
 */
export function runIds(now: Date): () => string {
  const generator = new V7Generator()
  return () => generator.generateOrResetWithTs(now.getTime()).toString()
}
