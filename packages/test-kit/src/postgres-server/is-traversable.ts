import { statSync } from 'node:fs'
import path from 'node:path'

const OTHERS_MAY_ENTER = 0o001

/** Whether every account may enter `folder` and all folders above it. */
export function isTraversable(folder: string): boolean {
  const above = path.dirname(folder)
  const enterable = (statSync(folder).mode & OTHERS_MAY_ENTER) !== 0
  return enterable && (above === folder || isTraversable(above))
}
