import { memoryVerdict, type MemoryLimits, type MemoryVerdict } from './memory-verdict.js'

/** What one child holds, as far as is known. */
export interface ChildMemory {
  /** Resident memory when last told of, bytes. */
  readonly residentBytes: number
  /** Notes what it holds: `fresh` before it has run anything, `used` after. */
  note(residentBytes: number, when: 'fresh' | 'used'): void
  /** What to do after a run. */
  verdict(running: number): MemoryVerdict
  /** Sees to it that limits are kept while so many runs go on. */
  judge(running: number): void
  /** What it held when it was to be killed for it, bytes; null while it was not. */
  readonly killedHolding: number | null
}

export interface MemoryActions {
  readonly onKill: () => void
  readonly onRecycle: () => void
  readonly onTight: (residentBytes: number) => void
}

export function createChildMemory(limits: MemoryLimits, actions: MemoryActions): ChildMemory {
  let residentBytes = 0
  let freshBytes = 0
  let hasRun = false
  let killedHolding: number | null = null
  const verdict = (running: number): MemoryVerdict =>
    memoryVerdict({ residentBytes, freshBytes, hasRun, running }, limits)
  return {
    verdict,
    judge: (running) => {
      switch (verdict(running)) {
        case 'fine':
          break
        case 'kill':
          killedHolding ??= residentBytes
          actions.onKill()
          break
        case 'recycle':
          actions.onRecycle()
          break
        case 'tight':
          actions.onTight(residentBytes)
          break
      }
    },
    get killedHolding() {
      return killedHolding
    },
    get residentBytes() {
      return residentBytes
    },
    note: (bytes, when) => {
      residentBytes = bytes
      if (when === 'used') hasRun = true
      else freshBytes = Math.max(freshBytes, bytes)
    },
  }
}
