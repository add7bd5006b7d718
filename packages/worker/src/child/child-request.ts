import type { AttemptMessage } from './attempt-message.js'

/** What the worker asks of a child. */
export type ChildRequest =
  | { readonly kind: 'attempt'; readonly attempt: AttemptMessage }
  /** How many connections its client may open. */
  | { readonly kind: 'connections' }
