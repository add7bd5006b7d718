import { z } from 'zod'
import { oneLine } from '../errors/one-line.js'

// The message of every rule completes the sentence "accepted is …".

/** Text that is not empty. */
export const text = (accepted: string) => z.string(accepted).min(1, accepted)

/** A number of some unit, fractions too. */
export const amount = (least: number, most: number, unit: string) => {
  const accepted = `a number of ${unit} from ${least} to ${most}`
  return z.number(accepted).min(least, accepted).max(most, accepted)
}

export const wholeNumber = (least: number, most: number) => {
  const accepted = `a whole number from ${least} to ${most}`
  return z.int(accepted).min(least, accepted).max(most, accepted)
}

/** A whole number, or null for none. */
export const wholeNumberOrNone = (least: number, most: number) => {
  const accepted = `a whole number from ${least} to ${most}, or null for none`
  return z.int(accepted).min(least, accepted).max(most, accepted).nullable()
}

/** An object that has these members and no other. */
export const group = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? undefined : 'an object') })

/** Text that a check of ours accepts; what the check says of a bad one is told in brackets. */
export const checked = (accepted: string, check: (text: string) => unknown) =>
  z.string(accepted).superRefine((value, context) => {
    try {
      check(value)
    } catch (thrown) {
      context.addIssue({ code: 'custom', message: `${accepted} (${oneLine(thrown)})` })
    }
  })
