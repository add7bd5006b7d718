/** A connection string fit for logs and messages: the password and any parameter that may hold a secret become `***`. */
export function redactConnectionString(url: string): string {
  if (!URL.canParse(url)) return '***'
  const parsed = new URL(url)
  if (parsed.password !== '') parsed.password = '***'
  for (const name of new Set(parsed.searchParams.keys())) {
    if (/pass|key|secret|token/i.test(name)) parsed.searchParams.set(name, '***')
  }
  return parsed.href
}
