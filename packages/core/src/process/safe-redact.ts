import type { Redact } from '../run/redact-attempt.js'
import { storableText } from '../json/storable-text.js'
import type { Logger } from './create-logger.js'

const failed = '(redacted: the redact function failed)'

/**
 * The app's `redact`, such that it never throws and always gives a text that can be stored: where it fails the whole text
 * is left out, which is said once.
 *
 * @param redact the app's own function; undefined leaves every text as it is.
 */
export function safeRedact(redact: Redact | undefined, logger: Logger): Redact {
  if (redact === undefined) return (text) => text
  let told = false
  const tell = (how: string): string => {
    // What was thrown may quote the text.
    if (!told) logger.error(`The redact function ${how}; texts it fails for are left out as a whole.`)
    told = true
    return failed
  }
  return (text) => {
    try {
      const redacted: unknown = redact(text)
      return typeof redacted === 'string' ? storableText(redacted) : tell(`returned ${kindOf(redacted)}`)
    } catch (thrown) {
      return tell(`threw ${thrown instanceof Error ? `a ${thrown.name}` : kindOf(thrown)}`)
    }
  }
}

function kindOf(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`
}
