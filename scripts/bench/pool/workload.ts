/** What is sent to the runs, and the module that runs them. */
export interface Workload {
  readonly title: string
  /** URL of a module whose default export is called with the value. */
  readonly module: URL
  readonly value: unknown
}

/** Sizes of a run's message. */
export type WorkloadSize = 'small' | 'large'

export function workloadOf(size: WorkloadSize): Workload {
  return size === 'large' ? large() : small()
}

/** What a worker tells its child of a run, more or less. */
function small(): Workload {
  const userdata = { months: 3, plan: 'annual', email: 'ana@example.org', notify: true }
  const run = {
    id: '01890a5d-ac96-774b-bcce-b302099a8057',
    callable: 'subscription.renew',
    attempt: 1,
    userdata,
  }
  return { title: 'No-op runs', module: new URL('no-op.mjs', import.meta.url), value: run }
}

function large(): Workload {
  const rows = Array.from({ length: 10_000 }, (_, id) => ({
    id,
    name: `customer ${id}`,
    tags: ['a', 'b'],
    ok: true,
  }))
  const value = { rows, rest: 'x'.repeat(1_000_000 - JSON.stringify(rows).length) }
  return {
    title: 'Runs with a value of 1 MB in and out',
    module: new URL('echo.mjs', import.meta.url),
    value,
  }
}
