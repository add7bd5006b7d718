import { InvalidTaskError } from '../errors/errors.js'

const discardBrand = Symbol.for('@sisy/core/discard')
const snoozeBrand = Symbol.for('@sisy/core/snooze')

/** Thrown by a callable to end its run as failed, without another attempt. */
export class Discard extends Error {
  override readonly name = 'Discard'

  /** @param reason why, for the run's attempt log. */
  constructor(readonly reason: string) {
    super(reason)
    Object.defineProperty(this, discardBrand, { value: true })
  }
}

/** Thrown by a callable to be run again later; the attempt does not count. */
export class Snooze extends Error {
  override readonly name = 'Snooze'

  /**
   * @param ms milliseconds until the run is due again, at least 0.
   * @throws InvalidTaskError for anything else.
   */
  constructor(readonly ms: number) {
    super(`Snoozed for ${ms} ms.`)
    if (!Number.isFinite(ms) || ms < 0) {
      throw new InvalidTaskError(`Snooze takes milliseconds, at least 0; it was given ${ms}.`, {
        field: 'ms',
        value: ms,
      })
    }
    Object.defineProperty(this, snoozeBrand, { value: true })
  }
}

/** Whether something thrown is a `Discard`, of whichever copy of this module. */
export function isDiscard(thrown: unknown): thrown is Discard {
  return isBranded(thrown, discardBrand)
}

/** Whether something thrown is a `Snooze`, of whichever copy of this module. */
export function isSnooze(thrown: unknown): thrown is Snooze {
  return isBranded(thrown, snoozeBrand)
}

function isBranded(thrown: unknown, brand: symbol): boolean {
  return typeof thrown === 'object' && thrown !== null && brand in thrown
}
