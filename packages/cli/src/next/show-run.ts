import type { ClockEffect, ExplainedRun } from '@sisy/core/internal'

/** One run on one line: in the zone's time with its offset, in UTC, and what a change of clocks does to it. */
export function showRun({ instant, local, clockEffect }: ExplainedRun): string {
  const time = local.slice(0, 19)
  const weekday = new Date(`${time}Z`).toUTCString().slice(0, 3)
  const shown = `${weekday} ${time.replace('T', ' ')} ${local.slice(19)}`
  const utc = `${instant.toISOString().slice(0, 19)}Z`
  return [shown, utc, ...(clockEffect === null ? [] : [`← ${inWords(clockEffect)}`])].join('   ')
}

function inWords(effect: ClockEffect): string {
  switch (effect.kind) {
    case 'moved':
      return `moved: clocks skip ${effect.skipped.replace('T', ' ')}`
    case 'once':
      return 'this time comes twice; it runs the first time only'
    case 'first':
      return 'this time comes twice; the first'
    case 'second':
      return 'this time comes twice; the second'
  }
}
