/** The last lines that a run wrote. */
export interface LastLines {
  /** Adds lines, `newlines` of which are whole. */
  add(lines: readonly string[], newlines: number): void
  /** Calls back when so many whole lines have arrived; at once if they have. */
  whenArrived(count: number, callback: () => void): void
  /** Oldest first. */
  read(): readonly string[]
}

/** How long the last output may take to arrive, milliseconds: a process that escaped may hold the pipe for ever. */
export const lastOutputMs = 1_000

const mostLines = 40
/** Characters. */
const longestLine = 500

export function createLastLines(): LastLines {
  let kept: readonly string[] = []
  let arrived = 0
  let awaited: { readonly count: number; readonly callback: () => void } | undefined

  function tell(): void {
    if (awaited === undefined || arrived < awaited.count) return
    const { callback } = awaited
    awaited = undefined
    callback()
  }

  return {
    add: (lines, newlines) => {
      arrived += newlines
      const last = lines.slice(-mostLines).map((line) => line.slice(0, longestLine))
      kept = [...kept, ...last].slice(-mostLines)
      tell()
    },
    whenArrived: (count, callback) => {
      awaited = { count, callback }
      tell()
    },
    read: () => kept,
  }
}
