/** What a column holds in nearly every row. */
export type UsualValue = string | number | boolean | null

/**
 * Stands for columns in which hardly any row says anything but what is usual: one JSON object of them, null when all is as
 * usual. Each column that is read costs both sides, and these are most of them.
 *
 * @param columns the SQL of each, by its name.
 */
export function unlessUsual<Name extends string>(
  usual: Readonly<Record<Name, UsualValue>>,
  columns: Readonly<Record<Name, string>>,
): string {
  const entries = Object.entries<UsualValue>(usual)
  const sqlOf = (name: string): string => columns[name as Name]
  const isUsual = entries.map(([name, value]) => `${sqlOf(name)} ${equals(value)}`)
  const members = entries.map(([name]) => `'${name}', ${sqlOf(name)}`)
  return `CASE WHEN ${isUsual.join(' AND ')} THEN NULL ELSE json_build_object(${members.join(', ')}) END`
}

function equals(value: UsualValue): string {
  if (value === null) return 'IS NULL'
  return typeof value === 'string' ? `= '${value}'` : `= ${value}`
}
