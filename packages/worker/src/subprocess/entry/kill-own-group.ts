/** Kills this process and whatever it started in its process group; alone where there are no groups. */
export function killOwnGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL')
  } catch {
    process.kill(process.pid, 'SIGKILL')
  }
}
