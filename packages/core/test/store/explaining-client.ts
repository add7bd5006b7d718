import type { RawClient } from '../../src/store/database.js'

/** A node of PostgreSQL's plan, as EXPLAIN tells it in JSON. */
export interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Subplan Name'?: string
  readonly 'Index Cond'?: string
  readonly Filter?: string
  readonly Plans?: readonly PlanNode[]
}

export interface ExplainingClient extends RawClient {
  /** The plan of every statement sent so far, oldest first. */
  readonly plans: PlanNode[]
}

type Explained = readonly { readonly 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }[]

/** Sends statements on, and asks for the plan of each with the very values it is sent with. */
export function explainingClient(client: RawClient): ExplainingClient {
  const plans: PlanNode[] = []
  const explain = async (sql: string, values: readonly unknown[]): Promise<void> => {
    const [explained] = await client.$queryRawUnsafe<Explained>(`EXPLAIN (FORMAT JSON) ${sql}`, ...values)
    for (const { Plan } of explained?.['QUERY PLAN'] ?? []) plans.push(Plan)
  }
  return {
    plans,
    async $queryRawUnsafe<Rows>(sql: string, ...values: unknown[]) {
      await explain(sql, values)
      return client.$queryRawUnsafe<Rows>(sql, ...values)
    },
    async $executeRawUnsafe(sql: string, ...values: unknown[]) {
      await explain(sql, values)
      return client.$executeRawUnsafe(sql, ...values)
    },
  }
}

/**
 * The nodes of a plan that read a whole table of many rows, or look for the place of each row in a list of many, each as a
 * line that names it.
 */
export function costlyReads(plan: PlanNode): string[] {
  return nodesOf(plan).flatMap(({ 'Node Type': type, 'Relation Name': relation, Filter: filter = '' }) => {
    const readsAll = type.endsWith('Seq Scan') && ['sisy_task', 'sisy_task_run'].includes(relation ?? '')
    return readsAll || filter.includes('ctid = ANY') ? [`${type} on ${relation}, filtered by ${filter}`] : []
  })
}

/** A plan's nodes, itself the first. */
export function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]
}
