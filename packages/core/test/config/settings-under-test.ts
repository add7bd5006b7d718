import { resolveSettings } from '../../src/config/resolve-settings.js'
import type { TextSetting } from '../../src/config/text-setting.js'
import { ConfigError } from '../../src/errors/errors.js'

export const path = '/app/sisy.config.ts'
export const prisma = { $disconnect: async () => {} }

export function resolve(file: unknown, texts: readonly TextSetting[] = []) {
  return resolveSettings({ file, path, texts })
}

/** What refuses these settings. */
export function refusal(file: unknown, texts: readonly TextSetting[] = []): ConfigError {
  try {
    resolve(file, texts)
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown
    throw thrown
  }
  throw new Error('The settings were accepted.')
}
