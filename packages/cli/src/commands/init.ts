import { relative } from 'node:path'
import { ConfigError } from '@sisy/core/internal'
import { appLanguage } from '../init/app-language.js'
import { chooseModelNames } from '../init/choose-model-names.js'
import { findClientModule } from '../init/find-client-module.js'
import { nextSteps } from '../init/next-steps.js'
import { existingConfig, planConfig } from '../init/plan-config.js'
import { planMigration } from '../init/plan-migration.js'
import { planSchema } from '../init/plan-schema.js'
import { writePlannedFiles } from '../init/planned-file.js'
import { settingOf, type AppSchema } from '../schema/app-schema.js'
import { findSchema } from '../schema/find-schema.js'
import { readFragment } from '../schema/fragment.js'
import { readPrismaConfig } from '../schema/prisma-config.js'

/** What `sisy init` is told, and what surrounds it. */
export interface InitOptions {
  readonly cwd: string
  /** Path of the schema. Default: where Prisma looks. */
  readonly schema?: string
  /** What Sisy's models begin with. Default: nothing, or what is asked for when the app uses their names. */
  readonly modelPrefix?: string
  /** Asks for a prefix. Absent: nobody can be asked, or wants to be. */
  readonly askPrefix?: (taken: readonly string[]) => Promise<string>
  /** The current instant. */
  readonly now: Date
  readonly print: (line: string) => void
}

/**
 * Sets Sisy up in an app: schema, migration and configuration. What is there already is left alone, except that models
 * of an older version are brought up to this one.
 *
 * @throws ConfigError when there is no schema, or one for another database.
 */
export async function init({
  cwd,
  schema: path,
  modelPrefix,
  askPrefix,
  now,
  print,
}: InitOptions): Promise<void> {
  const prismaConfig = await readPrismaConfig(cwd)
  const schema = findSchema({ cwd, prismaConfig, ...(path === undefined ? {} : { path }) })
  const generator = checkedGenerator(schema)
  const language = appLanguage(cwd, generator)
  const fragment = readFragment()
  const names = await chooseModelNames(schema, fragment, {
    ...(modelPrefix === undefined ? {} : { prefix: modelPrefix }),
    ...(askPrefix === undefined ? {} : { ask: askPrefix }),
  })
  const shown = (file: string) => relative(cwd, file) || file
  const config = existingConfig(cwd)
  const files = [
    ...planSchema(schema, fragment, names),
    ...planMigration({ schema, prismaConfig, fragment, now }),
    ...planConfig(cwd, language),
  ]
  writePlannedFiles(files)
  print(`Schema ${shown(schema.path)}, PostgreSQL, generator ${generator}.`)
  if (prismaConfig.problem !== undefined) {
    print(`! Schema and migrations were taken to be where they usually are, since ${prismaConfig.problem}`)
  }
  for (const file of files) print(`${file.change === 'create' ? 'Created' : 'Updated'} ${shown(file.path)}`)
  if (config !== undefined) print(`Kept ${shown(config)}`)
  if (files.length === 0) print('Everything was in place already.')
  for (const line of nextSteps({ client: findClientModule(cwd), names, language })) print(line)
}

function checkedGenerator({ blocks, path }: AppSchema): string {
  const datasource = blocks.find(({ kind }) => kind === 'datasource')
  const provider = settingOf(datasource, 'provider')
  if (provider !== 'postgresql' && provider !== 'postgres') {
    throw new ConfigError(
      `The datasource of ${path} has the provider "${provider ?? ''}". This version of Sisy works on PostgreSQL only.`,
      { setting: 'provider', value: provider, source: path },
    )
  }
  const known = ['prisma-client', 'prisma-client-js']
  const found = blocks
    .filter(({ kind }) => kind === 'generator')
    .map((generator) => settingOf(generator, 'provider'))
    .find((name) => name !== undefined && known.includes(name))
  if (found !== undefined) return found
  throw new ConfigError(`${path} has no generator for a client. Add one with the provider "prisma-client".`, {
    setting: 'generator',
    source: path,
  })
}
