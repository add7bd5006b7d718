import type { Schedule } from '@sisy/core/internal'

/** A pair of day fields in the notation of other cron programs: at most one is not `*`, Sunday is 0. */
export interface DayPattern {
  /** `1,15,L` */
  readonly monthDays: string
  /** `1,2`, or one `1#2`, or one `5L` */
  readonly weekDays: string
}

/** The ways in which a day can match, apart: hardly another program reads several in one expression as we do. */
export function dayPatterns({ monthDays, weekDays }: Schedule): DayPattern[] {
  if (monthDays === null && weekDays === null) return [{ monthDays: '*', weekDays: '*' }]
  const ofMonth = [...(monthDays?.days ?? []), ...(monthDays?.last ? ['L'] : [])].join(',')
  const ofWeek = [
    weekDays?.days.join(',') ?? '',
    ...(weekDays?.nth.map(({ day, n }) => `${day}#${n}`) ?? []),
    ...(weekDays?.last.map((day) => `${day}L`) ?? []),
  ]
  return [
    ...(ofMonth === '' ? [] : [{ monthDays: ofMonth, weekDays: '*' }]),
    ...ofWeek.filter((days) => days !== '').map((days) => ({ monthDays: '*', weekDays: days })),
  ]
}
