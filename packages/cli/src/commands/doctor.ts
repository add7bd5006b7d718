import { examine, type ExamineOptions } from '../doctor/examine.js'
import type { Finding } from '../doctor/finding.js'

const marks: Readonly<Record<Finding['kind'], string>> = { good: '✓', hint: '!', problem: '✗' }

/**
 * Checks an app's set-up, one line per finding.
 *
 * @returns the exit code: 1 when there are problems.
 */
export async function doctor(options: ExamineOptions, print: (line: string) => void): Promise<number> {
  const findings = await examine(options)
  for (const { kind, text } of findings) print(`${marks[kind]} ${text}`)
  const countOf = (wanted: Finding['kind']): number => findings.filter(({ kind }) => kind === wanted).length
  const [problems, hints] = [countOf('problem'), countOf('hint')]
  print(problems > 0 ? `${number(problems, 'problem')}.` : summary(hints))
  return problems === 0 ? 0 : 1
}

function summary(hints: number): string {
  return hints === 0 ? 'All good.' : `No problems, ${number(hints, 'hint')}.`
}

const number = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
