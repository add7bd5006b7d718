import { isCancel, text } from '@clack/prompts'
import { ConfigError } from '@sisy/core/internal'
import { defaultModelPrefix } from './choose-model-names.js'

/** Asks on the terminal what Sisy's models shall begin with. */
export async function askPrefix(taken: readonly string[]): Promise<string> {
  const answer = await text({
    message: `The schema has ${taken.join(', ')} of its own. What shall the names of Sisy's models begin with?`,
    initialValue: defaultModelPrefix,
  })
  if (isCancel(answer))
    throw new ConfigError('Cancelled; nothing was written.', { setting: '--model-prefix' })
  return answer
}
