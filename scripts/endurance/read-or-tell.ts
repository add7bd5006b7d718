import process from 'node:process'

/**
 * Reads a command line. `--help` shows how it is written and ends the process; what is wrong with it does so too, with 2.
 *
 * @param usage `pnpm soak [--minutes 10]`
 * @param read throws an Error whose message says what is not accepted.
 */
export function readOrTell<Options>(usage: string, read: () => Options): Options {
  if (process.argv.slice(2).some((word) => word === '--help' || word === '-h')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    return read()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exit(2)
  }
}
