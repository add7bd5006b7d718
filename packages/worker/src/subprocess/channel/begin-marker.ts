import { closeSync, existsSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Usage } from './messages.js'

// Which run a child began last, in a little file that both have open. A message before each run would wake the
// supervisor once more for every run; the file is read only when a child has died, or might have to.

/** What a child wrote just before it began a run. */
export interface LastBegin {
  /** Of the runs sent to this child, counted from 1; 0 when none has begun. */
  readonly sequence: number
  /** What its process had used until then. */
  readonly usage: Usage
}

/** The supervisor's side of the file. */
export interface BeginMarker {
  /** For the child, which inherits it. */
  readonly fd: number
  read(): LastBegin
  close(): void
}

/** Files here never reach a disk. Linux has it, most containers too. */
const memoryFolder = '/dev/shm'

const bytes = 3 * Float64Array.BYTES_PER_ELEMENT

/** @returns null where no temporary file can be written: then each run that was sent counts as begun. */
export function openBeginMarker(): BeginMarker | null {
  try {
    const fd = openNameless(existsSync(memoryFolder) ? memoryFolder : tmpdir())
    const content = new Float64Array(3)
    return {
      fd,
      read: () => {
        readSync(fd, content, 0, bytes, 0)
        const [sequence = 0, cpuUs = 0, peakBytes = 0] = content
        return { sequence, usage: { cpuUs, peakBytes } }
      },
      close: () => closeSync(fd),
    }
  } catch {
    return null
  }
}

/** A file that has no name any more, and is gone when all have closed it. */
function openNameless(folder: string): number {
  const path = join(folder, `sisy-${randomUUID()}`)
  const fd = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return fd
}

/** The child's side. @param fd where it has the file open. */
export function createBeginWriter(fd: number | null): (begin: LastBegin) => void {
  if (fd === null) return () => undefined
  const content = new Float64Array(3)
  return ({ sequence, usage }) => {
    content[0] = sequence
    content[1] = usage.cpuUs
    content[2] = usage.peakBytes
    writeSync(fd, content, 0, bytes, 0)
  }
}
