import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Usage } from './messages.js'

// What supervisor and child must know of each other when one of them does not answer, in a little file that both have
// open. The child writes which run it began last: a message before each run would wake the supervisor once more for
// every run; it is read only when a child has died, or might have to. The supervisor writes until when the child may
// live, which holds also when the supervisor is stopped and the child's event loop is blocked.

/** What a child wrote just before it began a run. */
export interface LastBegin {
  /** Of the runs sent to this child, counted from 1; 0 when none has begun. */
  readonly sequence: number
  /** What its process had used until then. */
  readonly usage: Usage
}

/** The supervisor's side of the file. */
export interface SharedFile {
  /** For the child, which inherits it. */
  readonly fd: number
  lastBegin(): LastBegin
  /** @param moment until when the child may live, by `machineNow()`; null means for as long as it is wanted. */
  keepUntil(moment: number | null): void
  close(): void
}

/** Files here never reach a disk. Linux has it, most containers too. */
const memoryFolder = '/dev/shm'

const width = Float64Array.BYTES_PER_ELEMENT
const beginBytes = 3 * width

/**
 * @returns null where no temporary file can be written: then each run that was sent counts as begun, and a child whose
 *   supervisor is stopped lives until that goes on or is gone.
 */
export function openSharedFile(): SharedFile | null {
  const fd = tryOpen(memoryFolder) ?? tryOpen(tmpdir())
  if (fd === null) return null
  const begin = new Float64Array(3)
  const moment = new Float64Array(1)
  return {
    fd,
    lastBegin: () => {
      readSync(fd, begin, 0, beginBytes, 0)
      const [sequence = 0, cpuUs = 0, peakBytes = 0] = begin
      return { sequence, usage: { cpuUs, peakBytes } }
    },
    keepUntil: (until) => {
      moment[0] = until ?? 0
      writeSync(fd, moment, 0, width, beginBytes)
    },
    close: () => closeSync(fd),
  }
}

/** @returns null where the folder is not there, may not be written to, or is full. */
function tryOpen(folder: string): number | null {
  let fd: number | null = null
  try {
    fd = openNameless(folder)
    // Now, since no later write may fail for want of room.
    writeSync(fd, new Float64Array(4), 0, beginBytes + width, 0)
    return fd
  } catch {
    if (fd !== null) closeSync(fd)
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
    writeSync(fd, content, 0, beginBytes, 0)
  }
}

/** Until when the child may live, by `machineNow()`; Infinity when nothing is said. @param fd where it has the file open. */
export function readLifeEnd(fd: number): number {
  const content = new Float64Array(1)
  try {
    readSync(fd, content, 0, width, beginBytes)
  } catch {
    // User code has closed it.
    return Infinity
  }
  const [moment = 0] = content
  return moment === 0 ? Infinity : moment
}
