/** Lets callers wait for a condition over state that somebody else changes. */
export interface Gate {
  /** Resolves once the condition holds; at once if it does. */
  until(condition: () => boolean): Promise<void>
  /** To be called whenever the state has changed. */
  check(): void
}

export function createGate(): Gate {
  let waiting: { readonly condition: () => boolean; readonly resolve: () => void }[] = []
  return {
    until: (condition) =>
      new Promise((resolve) => {
        if (condition()) resolve()
        else waiting.push({ condition, resolve })
      }),
    check: () => {
      const met = waiting.filter(({ condition }) => condition())
      waiting = waiting.filter((waiter) => !met.includes(waiter))
      for (const { resolve } of met) resolve()
    },
  }
}
