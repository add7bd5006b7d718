import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { configNames } from '@sisy/core/internal'
import type { AppLanguage } from './app-language.js'
import { findClientModule, type ClientModule } from './find-client-module.js'
import type { PlannedFile } from './planned-file.js'

/** The configuration of an app that has none; empty when it has one. */
export function planConfig(cwd: string, { modules, name }: AppLanguage): PlannedFile[] {
  if (existingConfig(cwd) !== undefined) return []
  const file =
    name === 'typescript' ? 'sisy.config.ts' : modules === 'esm' ? 'sisy.config.js' : 'sisy.config.cjs'
  const write = file.endsWith('.cjs') ? commonJsText : moduleText
  const specifier = (path: string) =>
    `./${modules === 'esm' ? withJavaScriptExtension(path) : withoutExtension(path)}`
  return [{ path: join(cwd, file), text: write(findClientModule(cwd), specifier), change: 'create' }]
}

/** Path of the configuration an app has. */
export function existingConfig(cwd: string): string | undefined {
  return configNames.map((name) => join(cwd, name)).find((path) => existsSync(path))
}

const unknownClient: ClientModule = { path: 'src/db.ts', exported: 'prisma', mentionsSisy: false }

function hint(module: ClientModule | undefined): string {
  return module === undefined
    ? '// No module of this app was found to export its Prisma client: import yours here, made with the plugin.\n'
    : ''
}

function moduleText(module: ClientModule | undefined, specifier: (path: string) => string): string {
  const { path, exported } = module ?? unknownClient
  const imported = exported === 'default' ? 'prisma' : `{ ${exported} }`
  return `import { defineConfig } from '@sisy/core'
${hint(module)}import ${imported} from '${specifier(path)}'

export default defineConfig({ ${property(exported)} })
`
}

function commonJsText(module: ClientModule | undefined, specifier: (path: string) => string): string {
  const { path, exported } = module ?? unknownClient
  const imported = exported === 'default' ? 'prisma' : `{ ${exported} }`
  return `const { defineConfig } = require('@sisy/core')
${hint(module)}const ${imported} = require('${specifier(path)}')

module.exports = defineConfig({ ${property(exported)} })
`
}

const property = (exported: string) =>
  exported === 'default' || exported === 'prisma' ? 'prisma' : `prisma: ${exported}`
const withJavaScriptExtension = (path: string) => path.replace(/\.([mc]?)ts$/, '.$1js')
const withoutExtension = (path: string) =>
  path.replace(/(\/index)?\.(ts|js)$/, '').replace(/\.([mc])ts$/, '.$1js')
