const WARNING = 40

/**
 * What a log line has to say to people: the message of a warning or an error, or a line that is no JSON. Null for the
 * rest, and for what is about a run: the view shows those from the tables.
 */
export function readNotice(line: string): string | null {
  const entry = parse(line)
  if (entry === null) return line.trim() === '' ? null : line
  if (entry['run'] !== undefined) return null
  if (typeof entry['level'] !== 'number' || entry['level'] < WARNING) return null
  return String(entry['msg'])
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}
