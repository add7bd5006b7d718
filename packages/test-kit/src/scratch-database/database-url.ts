/** The connection string `url` with another database's name, and without Prisma's own `schema` parameter. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  changed.searchParams.delete('schema')
  return changed.href
}
