/** Where the app's tables are. */
export interface DatabaseLocation {
  readonly connectionString: string
  /** Schema within the database. */
  readonly schema: string
}

/**
 * Reads `DATABASE_URL`: `postgresql://user:password@host:5432/database?schema=name`. Without `schema` it is `public`.
 *
 * @throws Error when it is not set, or no URL.
 */
export function databaseLocation(env: NodeJS.ProcessEnv): DatabaseLocation {
  const connectionString = env['DATABASE_URL'] ?? ''
  if (!URL.canParse(connectionString))
    throw new Error(
      'DATABASE_URL must name a PostgreSQL database: postgresql://user:password@host:5432/database',
    )
  return { connectionString, schema: new URL(connectionString).searchParams.get('schema') ?? 'public' }
}
