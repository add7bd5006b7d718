import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** Whether a process is there; one that has ended and that nobody has asked after yet is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const stat = `/proc/${pid}/stat`
  if (!existsSync(stat)) return process.platform !== 'linux'
  try {
    return !readFileSync(stat, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

/** Resolves when a process is gone. */
export async function gone(pid: number): Promise<void> {
  await until(() => !isAlive(pid))
}

/** Resolves when something has come true that tells nobody. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await delay(10)
}
