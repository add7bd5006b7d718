/** How the sessions of a pool plan the statements that are sent to them. */
export interface Planning {
  /** What a session is told when it begins, by names of PostgreSQL's settings. */
  readonly settings: Readonly<Record<string, string>>
  /** Whether a statement with these values may be named, so that the session parses it once. */
  readonly mayName: (values: readonly unknown[]) => boolean
}

/**
 * Anew for each set of values. Else PostgreSQL goes over to one plan for all values, and one made while a table was small,
 * as all are at first, reads it whole for as long as nobody analyzes it. A statement without values gets such a plan in
 * any session.
 */
export const planEachTime: Planning = {
  settings: { plan_cache_mode: 'force_custom_plan' },
  mayName: (values) => values.length > 0,
}

/**
 * Once, for all values, along the indexes and in their order, however small the tables are just then: for what has only
 * one good plan, and is sent so often by itself that planning it is a good part of it. JIT is off: before 18,
 * PostgreSQL gives what is switched off and cannot be avoided a huge cost, and would compile it for that.
 */
export const planOnce: Planning = {
  settings: {
    plan_cache_mode: 'force_generic_plan',
    enable_seqscan: 'off',
    enable_bitmapscan: 'off',
    enable_sort: 'off',
    jit: 'off',
  },
  mayName: () => true,
}
