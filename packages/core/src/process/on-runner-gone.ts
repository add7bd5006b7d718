/** How often it is looked for, milliseconds. */
const lookMs = 500

/**
 * Calls back once when the process is gone that started this one, if that was npx, npm, pnpm or the like: npm's ends by a
 * SIGTERM together with the shell between, and passes nothing on. Otherwise nobody is watched: a program that was
 * started plainly may well outlive its shell.
 *
 * @param env the environment, in which every such runner leaves its name.
 */
export function onRunnerGone(env: NodeJS.ProcessEnv, callback: () => void): Disposable {
  const parent = process.ppid
  const look = (): void => {
    if (process.ppid === parent) return
    clearInterval(timer)
    callback()
  }
  const timer = env['npm_config_user_agent'] === undefined ? undefined : setInterval(look, lookMs).unref()
  return {
    [Symbol.dispose]() {
      clearInterval(timer)
    },
  }
}
