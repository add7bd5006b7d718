/** Qualified, quoted names of Sisy's tables. */
export interface Tables {
  readonly task: string
  readonly run: string
  readonly worker: string
}

/** @param schema the adapter's `schema` option; without it the connection's `search_path` decides. */
export function tables(schema?: string): Tables {
  const prefix = schema === undefined ? '' : `${quoteIdentifier(schema)}.`
  return {
    task: `${prefix}"sisy_task"`,
    run: `${prefix}"sisy_task_run"`,
    worker: `${prefix}"sisy_task_worker"`,
  }
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
