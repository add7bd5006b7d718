import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { PostgresUser } from './postgres-user.js'

export interface InitClusterOptions {
  /** Path of the program. */
  readonly initdb: string
  /** Folder that may be written to. */
  readonly home: string
  /** Folder for the cluster: empty, or to be made. */
  readonly data: string
  /** Account to run under; null for the current one. */
  readonly user: PostgresUser | null
  /** Name and password of the cluster's superuser. */
  readonly superuser: { readonly name: string; readonly password: string }
}

/** Makes an empty database cluster, UTF-8 and sorted by bytes so that it behaves alike everywhere. */
export async function initCluster({
  initdb,
  home,
  data,
  user,
  superuser,
}: InitClusterOptions): Promise<void> {
  // A file that only its owner may read would be closed to the account that initdb runs under.
  const passwordFile = path.join(home, 'password')
  await writeFile(passwordFile, superuser.password)
  const args = [
    '-D',
    data,
    '-U',
    superuser.name,
    '--pwfile',
    passwordFile,
    '--auth=password',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]
  await promisify(execFile)(initdb, args, { ...user, cwd: home })
}
