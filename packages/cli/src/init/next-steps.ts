import type { ModelNames } from '../schema/rename-models.js'
import type { AppLanguage } from './app-language.js'
import type { ClientModule } from './find-client-module.js'

/** What the steps depend on. */
export interface NextStepsOptions {
  /** The module that exports the app's client; undefined when none was found. */
  readonly client: ClientModule | undefined
  readonly names: ModelNames
  readonly language: AppLanguage
}

/** The lines that tell what to do after `sisy init`. */
export function nextSteps({ client, names, language }: NextStepsOptions): string[] {
  const steps = [
    ...(client?.mentionsSisy === true ? [] : [pluginStep(client, names, language)]),
    'npx prisma generate',
    'npx prisma migrate dev      (npx prisma migrate deploy in production)',
    'npx sisy doctor',
    'npx sisy-heartbeat          and, in another terminal, npx sisy-worker',
  ]
  return ['', 'Next:', ...steps.map((step, index) => `  ${index + 1}. ${step}`)]
}

function pluginStep(
  client: ClientModule | undefined,
  names: ModelNames,
  { name, modules }: AppLanguage,
): string {
  const isCommonJs = name === 'javascript' && modules === 'commonjs'
  const where = client === undefined ? 'where you make it' : `in ${client.path}`
  const roles = { task: names['Task'], run: names['TaskRun'], worker: names['TaskWorker'] }
  const renamed = Object.entries(names).some(([original, name]) => original !== name)
  const models = renamed
    ? `models: { ${Object.entries(roles)
        .map(([role, name]) => `${role}: '${name}'`)
        .join(', ')} }, `
    : ''
  return [
    `Give your client the plugin, ${where}:`,
    isCommonJs ? `       const { sisy } = require('@sisy/core')` : `       import { sisy } from '@sisy/core'`,
    `       ${isCommonJs ? 'exports.prisma' : 'export const prisma'} = base.$extends(sisy(base, { ${models}callables: () => ({ /* your functions */ }) }))`,
  ].join('\n')
}
