/** One line of a value. */
export interface Series {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Family {
  readonly help: string
  readonly type: string
  readonly series: readonly Series[]
}

const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/
const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? ([-+]?(?:[\d.]+(?:e[-+]?\d+)?|Inf)|NaN)$/
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/y

/**
 * Reads Prometheus's text format, version 0.0.4.
 * @throws Error for what a scraper would refuse or mix up: a value before its HELP and TYPE or apart from them, a second
 * HELP or TYPE, a series twice, a line that is none of these.
 */
export function parseExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.')
  const families = new Map<string, { help?: string; type?: string; series: Series[] }>()
  const seen = new Set<string>()
  let current = ''
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, keyword, family, rest] = comment.exec(line) ?? []
    if (keyword !== undefined && family !== undefined && rest !== undefined) {
      const known = families.get(family) ?? { series: [] }
      if (known.series.length > 0) throw new Error(`${line}: after its values`)
      if (family !== current && families.has(family)) throw new Error(`${line}: apart from its own`)
      const field = keyword === 'HELP' ? 'help' : 'type'
      if (known[field] !== undefined) throw new Error(`${line}: a second time`)
      known[field] = rest
      families.set(family, known)
      current = family
      continue
    }
    const series = parseSample(line)
    const known = families.get(current)
    const suffixes = known?.type === 'summary' ? ['', '_sum', '_count'] : ['']
    if (!suffixes.some((suffix) => series.name === current + suffix))
      throw new Error(`${line}: not of ${current}`)
    const identity = JSON.stringify([series.name, Object.entries(series.labels).sort()])
    if (seen.has(identity)) throw new Error(`${line}: this series was told before`)
    seen.add(identity)
    known?.series.push(series)
  }
  return new Map(
    [...families].map(([name, { help, type, series }]) => {
      if (help === undefined || type === undefined) throw new Error(`${name} lacks HELP or TYPE.`)
      return [name, { help, type, series }]
    }),
  )
}

function parseSample(line: string): Series {
  const [, name, labels = '', value] = sample.exec(line) ?? []
  if (name === undefined || value === undefined) throw new Error(`${line}: neither comment nor value`)
  return { name, labels: parseLabels(labels, line), value: Number(value.replace('Inf', 'Infinity')) }
}

function parseLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {}
  label.lastIndex = 0
  while (label.lastIndex < text.length) {
    const [, name, value] = label.exec(text) ?? []
    if (name === undefined || value === undefined) throw new Error(`${line}: its labels cannot be read`)
    if (name in labels) throw new Error(`${line}: ${name} twice`)
    labels[name] = value.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))
  }
  return labels
}
