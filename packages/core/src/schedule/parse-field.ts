import { InvalidScheduleError } from '../errors/errors.js'
import type { FieldRule } from './field-rule.js'

/** True for a field that says nothing: a lone `*` or `?`. */
export function isWildcard(text: string): boolean {
  return text === '*' || text === '?'
}

/** The values of a whole field, `*` or a comma list, ascending and without repetition. */
export function parseField(rule: FieldRule, text: string, schedule: string): number[] {
  if (isWildcard(text)) return parseItem(rule, '*', schedule)
  return ascending(text.split(',').flatMap((item) => parseItem(rule, item, schedule)))
}

/** The values of one item of a list: `*`, `x`, `x-y`, each also with a step `/z`; `x/z` goes on to the end of the field. */
export function parseItem(rule: FieldRule, item: string, schedule: string): number[] {
  const [, from, to, stepText] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? []
  if (from === undefined || (from === '*' && to !== undefined)) throw unreadable(rule, item, schedule)
  const step = stepText === undefined ? 1 : readStep(rule, Number(stepText), item, schedule)
  if (from === '*') return span(rule, rule.min, rule.min + rule.cycle - 1, step)

  const first = readValue(rule, from, item, schedule)
  if (to === undefined) return span(rule, first, stepText === undefined ? first : rule.max, step)
  const last = readValue(rule, to, item, schedule)
  return span(rule, first, last < first ? last + rule.cycle : last, step)
}

/** Sorted copy without repetition. */
export function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b)
}

/** The error for an item that fits no form of the grammar. */
export function unreadable(rule: FieldRule, item: string, schedule: string): InvalidScheduleError {
  const names = rule.names.length > 0 ? ` or ${rule.names.join(', ')}` : ''
  return new InvalidScheduleError(
    `${rule.name} field "${item}" is not understood in "${schedule}"; ` +
      `use *, a value ${rule.min}-${rule.max}${names}, a range x-y, a step */z, x/z or x-y/z, or a comma list of these`,
    { schedule, field: rule.name, text: item },
  )
}

function readValue(rule: FieldRule, text: string, item: string, schedule: string): number {
  const name = rule.names.indexOf(text.toLowerCase())
  if (name >= 0) return rule.min + name
  if (!/^\d+$/.test(text)) throw unreadable(rule, item, schedule)
  const value = Number(text)
  if (value >= rule.min && value <= rule.max) return value
  throw new InvalidScheduleError(
    `${rule.name} field "${item}" is out of range ${rule.min}-${rule.max} in "${schedule}"`,
    { schedule, field: rule.name, text: item },
  )
}

function readStep(rule: FieldRule, step: number, item: string, schedule: string): number {
  if (step >= 1 && step <= rule.cycle) return step
  throw new InvalidScheduleError(
    `${rule.name} field "${item}" has a step out of range 1-${rule.cycle} in "${schedule}"; ` +
      'a step counts within its field only and starts again with it',
    { schedule, field: rule.name, text: item },
  )
}

/** Every `step`th value from `first` to `last`; past the end of the field it goes on from its start. */
function span(rule: FieldRule, first: number, last: number, step: number): number[] {
  const length = Math.floor((last - first) / step) + 1
  return Array.from({ length }, (_, i) => rule.min + ((first - rule.min + i * step) % rule.cycle))
}
