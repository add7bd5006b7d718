/** What one measurement found; becomes a table. */
export interface Result {
  readonly title: string
  /** How it was measured, and what is worth knowing, one sentence each. */
  readonly notes: readonly string[]
  readonly measured: readonly Measured[]
  /** With whom the others are compared; nobody: no ratios are shown. */
  readonly reference?: string
}

/** One figure of one contender, as often as it was measured. */
export interface Measured {
  /** Names the row. */
  readonly contender: string
  /** Names the column, with its unit. */
  readonly measure: string
  readonly values: readonly number[]
}

/** Gathers values round by round. */
export interface Gathering {
  add(contender: string, measure: string, value: number | null): void
  measured(): Measured[]
}

export function gather(): Gathering {
  const all = new Map<string, { contender: string; measure: string; values: number[] }>()
  return {
    add: (contender, measure, value) => {
      if (value === null) return
      const key = JSON.stringify([contender, measure])
      const found = all.get(key) ?? { contender, measure, values: [] }
      found.values.push(value)
      all.set(key, found)
    },
    measured: () => [...all.values()],
  }
}
