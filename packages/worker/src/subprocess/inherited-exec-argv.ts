/** Arguments that say what a process itself runs, or who watches it; those with a value of their own stand apart. */
const own = [
  '--inspect',
  '--eval=',
  '--print=',
  '--input-type=',
  '--watch',
  '--test',
  '--check',
  '--interactive',
]
const ownWithValue = new Set(['-e', '--eval', '-p', '--print', '-pe', '--input-type', '--watch-path'])
const ownByLetter = new Set(['-c', '-i'])

/** Of Node's own arguments of this process, those that its children should have as well. Pure. */
export function inheritedExecArgv(execArgv: readonly string[]): string[] {
  return execArgv.filter((argument, index) => {
    const before = execArgv[index - 1]
    if (before !== undefined && ownWithValue.has(before)) return false
    if (ownWithValue.has(argument) || ownByLetter.has(argument)) return false
    return !own.some((start) => argument.startsWith(start))
  })
}
