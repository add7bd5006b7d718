/** Whether the process that started this one is still there. */
export function isThere(supervisor: number): boolean {
  if (process.ppid !== supervisor) return false
  try {
    process.kill(supervisor, 0)
    return true
  } catch (error) {
    // Whoever may not be signalled is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
