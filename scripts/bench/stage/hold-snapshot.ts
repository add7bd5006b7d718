import pg from 'pg'

/** A session that keeps rows from being cleared away which nobody else sees any more, until it is ended. */
export async function holdSnapshot(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  await client.query('SELECT count(*) FROM pg_class')
  return client
}
