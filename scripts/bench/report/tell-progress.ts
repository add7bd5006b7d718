import process from 'node:process'

/** Says what is measured now, beside what is printed as the result. */
export function tellProgress(text: string): void {
  process.stderr.write(`  ${text}\n`)
}
