import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Hash of files and of folders with all in them: their paths and contents.
 * @param {string[]} sources absolute paths
 */
export function hashOf(sources) {
  const hash = createHash('sha256')
  for (const source of sources) {
    const isFolder = statSync(source).isDirectory()
    const files = isFolder ? readdirSync(source, { recursive: true, encoding: 'utf8' }).sort() : ['']
    for (const file of files.map((name) => path.join(source, name))) {
      if (statSync(file).isFile()) hash.update(`${file}\0`).update(readFileSync(file))
    }
  }
  return hash.digest('hex')
}

/**
 * Whether `stamp` holds `hash`: the outcome it lies in was made from the same sources.
 * @param {string} stamp path of the file
 * @param {string} hash
 */
export function isCurrent(stamp, hash) {
  try {
    return readFileSync(stamp, 'utf8') === hash
  } catch {
    return false
  }
}

/**
 * @param {string} stamp path of the file
 * @param {string} hash
 */
export function writeStamp(stamp, hash) {
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
}
