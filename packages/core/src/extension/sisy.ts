import { clientProperty } from '../callable/data-model.js'
import { systemClock } from '../clock/clock.js'
import { boundRows } from './bound-rows.js'
import type { NamedMethods } from './named-methods.js'
import { openRuntime } from './open-runtime.js'
import type { BoundMethod, CallableMap, MethodMap, Nothing, Registered } from './registered.js'
import type { SisyOptions } from './sisy-options.js'
import { runtimeKey } from './sisy-runtime.js'
import { taskModel } from './task-model.js'
import { taskQueries } from './task-queries.js'

/** What `$extends` takes; its result's type carries what the plugin adds. */
export type SisyExtension<Reg, TaskModel extends string, BindRows extends boolean> = (
  // Prisma's own type of a client names the generated one, which is not known here.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  client: any,
) => Extended<Reg, TaskModel, BindRows>

// Prisma infers from `extArgs` alone.
interface Extended<Reg, TaskModel extends string, BindRows extends boolean> {
  $extends: {
    extArgs: {
      result: BindRows extends false ? Nothing : BoundRows<Reg>
      model: Record<
        Uncapitalize<TaskModel>,
        { [Method in keyof NamedMethods<Reg>]: () => NamedMethods<Reg>[Method] }
      >
      query: Nothing
      client: Nothing
    }
  }
}

interface ExtendableClient<Result> {
  $extends(extension: object): Result
}

type BoundRows<Reg> =
  Reg extends Registered<unknown, unknown, infer Methods>
    ? {
        [Model in keyof Methods]: {
          [Name in keyof Methods[Model]]: () => {
            needs: Nothing
            compute: () => BoundMethod<`${Model & string}.${Name & string}`, Methods[Model][Name]>
          }
        }
      }
    : Nothing

/**
 * The plugin: `base.$extends(sisy(base, { callables, methods }))`. It opens nothing.
 *
 * @param base the client that is extended; Sisy's own statements go through it.
 * @throws ConfigError when `base` is no Prisma client or lacks Sisy's models, DatabaseError when its database is none
 *   that Sisy works on, InvalidCallableError when a method cannot be registered.
 */
export function sisy<
  Client,
  Callables extends CallableMap = Nothing,
  Methods extends MethodMap = Nothing,
  const TaskModel extends string = 'Task',
  const BindRows extends boolean = true,
>(
  base: Client,
  options: SisyOptions<Client, Callables, Methods, TaskModel, BindRows>,
): SisyExtension<Registered<Client, Callables, Methods>, TaskModel, BindRows> {
  const runtime = openRuntime(base, options, { env: process.env, clock: systemClock })
  const taskProperty = clientProperty(runtime.models.task)
  const extension = {
    name: 'sisy',
    client: { [runtimeKey]: runtime },
    model: { [taskProperty]: taskModel(runtime) },
    query: { [taskProperty]: taskQueries(runtime) },
    result: options.bindRows === false ? {} : boundRows(runtime),
  }
  return (client: ExtendableClient<Extended<Registered<Client, Callables, Methods>, TaskModel, BindRows>>) =>
    client.$extends(extension)
}
