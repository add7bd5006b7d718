import { accessSync, constants, statfsSync } from 'node:fs'

/** Linux has it. In a container it may be small. */
const FOLDER = '/dev/shm'

/** A folder whose files never reach a disk, which has at least this much room, bytes; undefined where there is none. */
export function memoryFolder(room: number): string | undefined {
  try {
    accessSync(FOLDER, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = statfsSync(FOLDER)
    return bavail * bsize >= room ? FOLDER : undefined
  } catch {
    return undefined
  }
}
