import process from 'node:process'

/**
 * Monotonic time that all processes of this machine share, milliseconds.
 * @returns {number}
 */
export const machineTime = () => Number(process.hrtime.bigint()) / 1e6

/**
 * @typedef {object} Recorder
 * @property {(job?: { readonly sentAt?: number }) => void} began one job began
 * @property {(count: number) => void} beganMany so many more jobs began, seen from outside
 * @property {() => { count: number, firstAt: number }} progress jobs so far, and when the first began
 * @property {() => number[]} latencies from enqueuing to the beginning, milliseconds, of jobs that tell when they were enqueued
 */

/**
 * Counts the jobs of one process.
 * @returns {Recorder}
 */
export function createRecorder() {
  let count = 0
  let firstAt = NaN
  /** @type {number[]} */
  const latencies = []
  /** @param {number} more */
  const beganMany = (more) => {
    if (count === 0 && more > 0) firstAt = machineTime()
    count += more
  }
  return {
    began: (job) => {
      beganMany(1)
      if (job?.sentAt !== undefined) latencies.push(machineTime() - job.sentAt)
    },
    beganMany,
    progress: () => ({ count, firstAt }),
    latencies: () => latencies,
  }
}
