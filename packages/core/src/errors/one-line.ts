import { inspect } from 'node:util'
import { withoutSecrets } from './without-secrets.js'

const longest = 1000

/** The message of anything thrown, on one line, of bounded length and without secrets, fit to be put inside another. */
export function oneLine(thrown: unknown): string {
  const text =
    thrown instanceof Error
      ? thrown.message || thrown.name
      : typeof thrown === 'string'
        ? thrown
        : inspect(thrown)
  const line = withoutSecrets(text)
    .trim()
    .replace(/\s*\n\s*/g, ' ')
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}
