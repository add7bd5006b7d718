import type { Usage } from '../channel/messages.js'

/** What this process has used so far. */
export function usage(): Usage {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  return { cpuUs: userCPUTime + systemCPUTime, peakBytes: maxRSS * 1024 }
}
