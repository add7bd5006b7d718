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
  const problems = findings.filter(({ kind }) => kind === 'problem').length
  print(problems === 0 ? 'All good.' : `${problems} ${problems === 1 ? 'problem' : 'problems'}.`)
  return problems === 0 ? 0 : 1
}
