const brand = Symbol.for('@sisy/core/error')

/**
 * Root of every error Sisy throws. `code` is stable and meant for programs, `message` says what happened, to which
 * row, and what to do; `facts` holds the values the message was made from.
 *
 * `instanceof` goes by `code`, not by class identity, so it also holds between the ESM and the CommonJS build.
 */
export class SisyError<Facts extends object = object> extends Error {
  static readonly code: string = 'SISY'
  readonly code: string
  readonly facts: Readonly<Facts>

  constructor(message: string, facts: Facts, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = new.target.code
    this.facts = facts
    Object.defineProperty(this, brand, { value: true })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null || !(brand in value)) return false
    return this.code === 'SISY' || ('code' in value && value.code === this.code)
  }
}
