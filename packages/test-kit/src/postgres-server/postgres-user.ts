import { execFileSync } from 'node:child_process'

/** The system account a server runs under. */
export interface PostgresUser {
  readonly uid: number
  readonly gid: number
}

const CANDIDATES = ['postgres', 'nobody']
const CREATED = 'sisy-postgres'

/**
 * The account for a server to run under, or null for the current one. PostgreSQL refuses to run as root, so root gets
 * an existing unprivileged account, or, where there is none, a new one named `sisy-postgres`.
 */
export function findPostgresUser(): PostgresUser | null {
  if (process.getuid?.() !== 0) return null
  for (const name of CANDIDATES) {
    const user = lookUp(name)
    if (user) return user
  }
  execFileSync('useradd', ['--system', CREATED])
  const created = lookUp(CREATED)
  if (!created)
    throw new Error(
      `The system account '${CREATED}' was created but cannot be found. Create an account 'postgres'.`,
    )
  return created
}

function lookUp(name: string): PostgresUser | null {
  try {
    return { uid: id('-u', name), gid: id('-g', name) }
  } catch {
    return null
  }
}

const id = (flag: '-u' | '-g', name: string): number =>
  Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
