import process from 'node:process'

/**
 * A part of the set-up. `act` does it if need be, and tells whether it had to; it throws a StepFailed when it can't.
 * @typedef {{ name: string, act: () => 'done' | 'up to date' }} Step
 */

/** A command of the set-up that ended with an error, after saying why on its own. */
export class StepFailed extends Error {}

/**
 * Does a step and prints one line, its name at once and the outcome when it is there; ends the process when it fails.
 * @param {Step} step
 */
export function runStep({ name, act }) {
  const start = performance.now()
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`
  process.stderr.write(name.padEnd(9))
  try {
    const result = act()
    console.error(result === 'done' ? seconds() : result)
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    console.error(`failed after ${seconds()}: ${error.message}`)
    process.exit(1)
  }
}
