/** What the demo was told. */
export interface DemoOptions {
  /** Seconds after which it ends by itself; null: it goes on until Ctrl-C. */
  readonly seconds: number | null
}

/** @throws Error for anything but `--for <seconds>`. */
export function readOptions(args: readonly string[]): DemoOptions {
  const [option, value, ...rest] = args
  if (option === undefined) return { seconds: null }
  const seconds = Number(value)
  if (option === '--for' && seconds > 0 && rest.length === 0) return { seconds }
  throw new Error(
    `Unknown: ${args.join(' ')}. Known is \`--for <seconds>\`, a number above 0; without it the demo goes on until Ctrl-C.`,
  )
}
