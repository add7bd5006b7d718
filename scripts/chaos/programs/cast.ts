/** A part that a program plays. */
export interface Role {
  readonly name: string
  readonly kind: 'worker' | 'heartbeat'
  /** Its script below `packages`. */
  readonly script: string
  readonly args: readonly string[]
  /** How it runs user code; null for a heartbeat. */
  readonly execution: 'children' | 'inline' | null
  /** How it reaches the database, beside its own network. */
  readonly way: 'direct' | 'pooler'
  /** By how much its machine's clock is wrong, minutes. */
  readonly clockMinutes: number
  /** The size of its app's pool of connections. */
  readonly connections: number
}

const worker = { kind: 'worker', script: 'worker/dist/bin.js', way: 'direct', connections: 3 } as const
const inChildren = { ...worker, execution: 'children', args: ['--processes', '2'] } as const
const inline = {
  ...worker,
  execution: 'inline',
  args: ['--inline', '--concurrency', '3'],
  connections: 4,
} as const
const heartbeat = {
  kind: 'heartbeat',
  script: 'heartbeat/dist/bin.js',
  args: [],
  execution: null,
  way: 'direct',
  connections: 2,
} as const

/** The programs under test. */
export const cast: readonly Role[] = [
  { ...inChildren, name: 'worker 1', clockMinutes: 5 },
  { ...inChildren, name: 'worker 2', clockMinutes: -5 },
  { ...inline, name: 'worker 3', clockMinutes: 0 },
  { ...inline, name: 'worker 4', clockMinutes: 2, way: 'pooler' },
  { ...heartbeat, name: 'heartbeat 1', clockMinutes: -2 },
  { ...heartbeat, name: 'heartbeat 2', clockMinutes: 5 },
]
