import { troubleReporter, type Logger } from '@sisy/core/internal'

/** What the worker is in trouble with, told when it begins and ends, and known meanwhile. */
export interface Troubles {
  /** @param doing to begin a sentence: `Claiming runs`. */
  reporter(doing: string): ReturnType<typeof troubleReporter>
  /** One sentence each. */
  current(): string[]
}

export function createTroubles(logger: Logger): Troubles {
  const current = new Set<string>()
  return {
    reporter: (doing) => {
      const { onTrouble, onRecovery } = troubleReporter(logger, doing)
      const sentence = `${doing} fails.`
      return {
        onTrouble: (error) => {
          current.add(sentence)
          onTrouble(error)
        },
        onRecovery: () => {
          current.delete(sentence)
          onRecovery()
        },
      }
    },
    current: () => [...current],
  }
}
