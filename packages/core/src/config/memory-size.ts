import { z } from 'zod'

const megabyte = 1024 ** 2
const units = new Map([
  ['kb', 1024],
  ['mb', megabyte],
  ['gb', 1024 * megabyte],
])

/**
 * Bytes, out of a number of them or of a text such as `512mb`.
 *
 * @returns whole bytes; undefined for what is neither.
 */
export function parseMemorySize(value: unknown): number | undefined {
  if (typeof value === 'number') return wholeBytes(value)
  if (typeof value !== 'string') return undefined
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) ?([a-z]+)$/i.exec(value.trim()) ?? []
  const unitBytes = units.get(unit.toLowerCase())
  return unitBytes === undefined ? undefined : wholeBytes(Math.round(Number(amount) * unitBytes))
}

function wholeBytes(bytes: number): number | undefined {
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** A rule for a size of memory, of at least so many megabytes; null means no limit. */
export const memorySize = (least: number) => {
  const accepted = `bytes or a text such as 512mb or 1.5gb, at least ${least}mb, or null for no limit`
  return z.unknown().transform((value, context): number | null => {
    if (value === null) return null
    const bytes = parseMemorySize(value)
    if (bytes !== undefined && bytes >= least * megabyte) return bytes
    context.addIssue({ code: 'custom', message: accepted })
    return z.NEVER
  })
}
