import { didYouMean, type UnknownCallable } from '@sisy/core/internal'
import { good, problem, type Finding } from './finding.js'

/** Judges what rows and configuration name that is not registered. */
export function checkCallables(
  unknown: readonly UnknownCallable[],
  ensured: readonly string[],
  registered: readonly string[],
): Finding[] {
  const mend = 'Register it in `callables` or `methods` of sisy(…), or change or delete'
  const inRows = unknown.map(({ callable, tasks, runs }) => {
    const where = [counted(tasks, 'task'), counted(runs, 'unfinished run')]
      .filter((text) => text !== '')
      .join(' and ')
    const meant = didYouMean(callable, registered)
    return problem(`"${callable}" is not registered, but named by ${where}.${meant} ${mend} these rows.`)
  })
  const inConfig = ensured
    .filter((path) => !registered.includes(path))
    .map((path) =>
      problem(
        `"${path}" is not registered, but named by \`tasks\` of the configuration.${didYouMean(path, registered)} ${mend} it there.`,
      ),
    )
  const problems = [...inRows, ...inConfig]
  return problems.length > 0
    ? problems
    : [
        good(
          `All callables that rows name are registered (${counted(registered.length, 'callable') || 'none'} in all).`,
        ),
      ]
}

function counted(count: number, noun: string): string {
  if (count === 0) return ''
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}
