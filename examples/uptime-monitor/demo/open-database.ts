import { startPostgres } from '@sisy/test-kit'

/** The database the demo works in. */
export interface DemoDatabase extends AsyncDisposable {
  /** What `DATABASE_URL` is for the app. */
  readonly url: string
  /** Tells the reader where it is, and what becomes of it. */
  readonly description: string
  /** Tells what to do when it cannot be used. */
  readonly advice: string
}

/** In somebody's own database the demo keeps to a schema of its own. */
const OWN_SCHEMA = 'sisy_uptime_monitor'

/** The database that `DATABASE_URL` names, or a throw-away server that goes when it is disposed. */
export async function openDatabase(env: NodeJS.ProcessEnv): Promise<DemoDatabase> {
  const given = env['DATABASE_URL']
  return given ? useDatabase(given) : startDatabase()
}

async function startDatabase(): Promise<DemoDatabase> {
  const server = await startPostgres()
  return {
    url: server.url,
    description: 'PostgreSQL, started for this demo and thrown away after it.',
    advice: 'Set DATABASE_URL to use a server of your own.',
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

function useDatabase(given: string): DemoDatabase {
  if (!URL.canParse(given))
    throw new Error('DATABASE_URL is no URL: give postgresql://user:password@host:5432/database')
  const url = new URL(given)
  if (!url.searchParams.has('schema')) url.searchParams.set('schema', OWN_SCHEMA)
  const schema = url.searchParams.get('schema')
  return {
    url: url.href,
    description:
      `Your database ${url.host}${url.pathname}, in its schema ${schema}. What is missing there is created; ` +
      `it stays afterwards, and nothing else is touched.`,
    advice: 'Correct DATABASE_URL, or unset it to have a server started for this demo.',
    [Symbol.asyncDispose]: async () => {},
  }
}
