import type { JsonObject } from '../json/json-value.js'
import type { TaskOptions } from '../task/task-options.js'

/** A task that every starting process makes sure of; an existing one with the same `key` is updated. */
export interface EnsuredTask extends TaskOptions {
  /** A registered function, or the path of one: `dailyMaintenance`, `Billing.invoiceAll`, `subscription.renew`. */
  readonly callable: string | ((...args: never[]) => unknown)
  /** Unique name of this task, by which its row is found again. */
  readonly key: string
  /** The app's own data, JSON. Default `{}`. */
  readonly userdata?: JsonObject
  /** For a path to a record's method: that record, by its primary key. Default: none. */
  readonly record?: Readonly<Record<string, unknown>>
}
