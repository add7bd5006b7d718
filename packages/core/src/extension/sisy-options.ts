import type { Channels } from '../store/channels.js'
import type { BoundMethods, RowOf } from './registered.js'

/** What `sisy(base, options)` takes. */
export interface SisyOptions<Client, Callables, Methods, TaskModel extends string, BindRows extends boolean> {
  /** Functions and classes by name. Called at first use, so import cycles are harmless. Default: none. */
  readonly callables?: () => Callables
  /**
   * Instance methods, per model, by the model's property on the client. In a method `this` is the record, with its
   * scalar fields and its sibling methods. Default: none.
   */
  readonly methods?: Methods & {
    // To the linter `ThisType` is an empty type; to the compiler it is what `this` is.
    // eslint-disable-next-line @typescript-eslint/no-generated-empty-object-type
    readonly [Model in keyof Methods]: ThisType<
      RowOf<Client, Model> & BoundMethods<Model & string, Methods[Model]>
    >
  }
  /** False: rows get no methods; tasks are made by path and `record`. Default true. */
  readonly bindRows?: BindRows
  /** The names of the fragment's models, where `sisy init` had to choose others. Default `Task` and `TaskRun`. */
  readonly models?: { readonly task?: TaskModel; readonly run?: string; readonly worker?: string }
  /** Primary-key fields per model, for a client whose schema text cannot be read. Default: read from the schema. */
  readonly primaryKeys?: { readonly [Model in keyof Methods]?: string | readonly string[] }
  /** Names of the wake-up channels. Default: `SISY_HEARTBEAT_CHANNEL` and so on, else those of every Sisy app. */
  readonly channels?: Partial<Channels>
  /** Schedule of tasks that give none. Default: `SISY_DEFAULT_SCHEDULE`, else `* * * * *`. */
  readonly defaultSchedule?: string
  /** Time zone of tasks that give none. Default: `SISY_TIMEZONE`, else `UTC`. */
  readonly timezone?: string
}
