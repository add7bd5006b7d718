/**
 * A copy without the members that are undefined. Our types allow none, but those of an app without
 * `exactOptionalPropertyTypes` do.
 */
export function defined<Values extends object>(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Values
}
