import { inspect } from 'node:util'

const longest = 1000

/** The message of anything thrown, on one line and of bounded length, fit to be put inside another message. */
export function oneLine(thrown: unknown): string {
  const text =
    thrown instanceof Error
      ? thrown.message || thrown.name
      : typeof thrown === 'string'
        ? thrown
        : inspect(thrown)
  const line = text.trim().replace(/\s*\n\s*/g, ' ')
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}
