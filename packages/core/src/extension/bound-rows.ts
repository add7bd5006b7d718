import { methodRecord } from '../callable/bound-method.js'
import type { SisyRuntime } from './sisy-runtime.js'

/**
 * The result component: each row of a model with methods carries them, bound to that row. Prisma computes a method when
 * it is first touched and keeps it, so that `row.renew === row.renew`.
 */
export function boundRows(runtime: SisyRuntime) {
  const { registry, records } = runtime
  return Object.fromEntries(
    registry.models().map((model) => {
      const needs = Object.fromEntries(records.scalars(model).map((name) => [name, true]))
      const compute = (name: string) => (row: object) =>
        Reflect.get(methodRecord(runtime, model, row), name) as unknown
      const methods = registry.methodsOf(model).map(({ name }) => [name, { needs, compute: compute(name) }])
      return [model, Object.fromEntries(methods)]
    }),
  )
}
