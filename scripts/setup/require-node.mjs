import process from 'node:process'

/** Ends the process with one clear line when this Node is too old for the repository. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
  if (supported) return
  console.error(`Node ${process.versions.node} is not supported: install Node 20.19, 22.12, 24 or newer.`)
  process.exit(1)
}
