import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isEsm } from '@sisy/core/internal'

/** What an app's own modules are written in. */
export interface AppLanguage {
  readonly name: 'typescript' | 'javascript'
  /** What its plain `.js` and `.ts` files are. */
  readonly modules: 'esm' | 'commonjs'
}

/** Tells an app's language by its manifest and by the generator of its client: `prisma-client` writes TypeScript. */
export function appLanguage(cwd: string, generator: string): AppLanguage {
  const manifest = join(cwd, 'package.json')
  const isTypeScript =
    generator === 'prisma-client' ||
    existsSync(join(cwd, 'tsconfig.json')) ||
    (existsSync(manifest) && readFileSync(manifest, 'utf8').includes('"typescript"'))
  return {
    name: isTypeScript ? 'typescript' : 'javascript',
    modules: isEsm(join(cwd, 'sisy.config.js')) ? 'esm' : 'commonjs',
  }
}
