import { V7Generator } from 'uuidv7'

/** UUIDs version 7 for runs, in ascending order, so that the primary key grows in the order of time. */
export function newRunIds(now: Date, count: number): string[] {
  const generator = new V7Generator()
  return Array.from({ length: count }, () => generator.generateOrResetWithTs(now.getTime()).toString())
}
