import { Worker } from 'node:worker_threads'
import { isThere } from './is-there.js'
import { killOwnGroup } from './kill-own-group.js'

/** Milliseconds. */
const dyingMs = 100

export interface SupervisorWatch {
  /** Ends this process also when the moment is past that the supervisor wrote in the file they share. */
  heed(sharedFile: number): void
}

/**
 * Ends this process, and all it started, when its supervisor is gone, however it went. The channel tells it at once; a
 * thread of its own tells it when user code blocks the event loop, which hears nothing then.
 */
export function watchSupervisor(): SupervisorWatch {
  const supervisor = process.ppid
  process.on('disconnect', () => {
    // A supervisor that is dying has closed its channel a moment before it is gone.
    setTimeout(() => {
      endWithout(supervisor)
    }, dyingMs)
  })
  const watch = new Worker(new URL('./supervisor-watch-thread.js', import.meta.url), {
    workerData: { supervisor },
    execArgv: [],
    stdout: false,
    stderr: false,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
  })
  watch.on('error', () => undefined)
  watch.unref()
  return { heed: (sharedFile) => watch.postMessage(sharedFile) }
}

function endWithout(supervisor: number): void {
  // Added now, so that it comes after what user code does on exit.
  if (!isThere(supervisor)) process.on('exit', killOwnGroup)
  else process.stderr.write('Code in this process closed its channel to the supervisor, so it ends.\n')
  process.exit(1)
}
