/** One line of what doctor found. */
export interface Finding {
  /** `good`: as it should be; `hint`: works, but could be better; `problem`: to be mended, and the text says how. */
  readonly kind: 'good' | 'hint' | 'problem'
  readonly text: string
}

export const good = (text: string): Finding => ({ kind: 'good', text })
export const hint = (text: string): Finding => ({ kind: 'hint', text })
export const problem = (text: string): Finding => ({ kind: 'problem', text })
