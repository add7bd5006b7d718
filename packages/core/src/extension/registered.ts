import type { Types } from '@prisma/client/runtime/client'
import type { TaskContext } from '../callable/task-context.js'
import type { JsonObject } from '../json/json-value.js'

// The two types the linter forbids stand here once, for inference needs them: a constraint narrower than `Function`
// fixes what is inferred too early, and the methods vanish; Prisma's own arguments are empty as `{}` only.
/** Any function or class. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type
export type AnyFunction = Function
/** An object type without members. */
export type Nothing = {}

/** Functions and classes by name, as `callables: () => ({ … })` gives them. */
export type CallableMap = Record<string, AnyFunction>
/** Instance methods per model, as `methods: { … }` gives them. */
export type MethodMap = Record<string, Record<string, AnyFunction>>

/** One row of a model, with every scalar field, as this client returns it. */
export type RowOf<Client, Model> = Model extends keyof Client
  ? Types.Public.Result<Client[Model], Nothing, 'findUniqueOrThrow'>
  : never

/** Everything the types know of what was registered: the client, the callables and the methods. */
export interface Registered<Client = unknown, Callables = CallableMap, Methods = MethodMap> {
  readonly client: Client
  readonly callables: Callables
  readonly methods: Methods
}

declare const boundPath: unique symbol

/**
 * A method of one record. Calling it runs it here and now; giving it to `schedule()` or `runOnce()` makes a task of it.
 */
export interface BoundMethod<Path extends string, Method> {
  (...userdata: UserdataArguments<UserdataOf<Method>>): Promise<ResultOf<Method>>
  readonly [boundPath]: Path
}

type UserdataArguments<Userdata> = Nothing extends Userdata ? [userdata?: Userdata] : [userdata: Userdata]

/** Bound methods of one model, as its rows carry them. */
export type BoundMethods<Model extends string, Methods> = {
  readonly [Name in keyof Methods & string]: BoundMethod<`${Model}.${Name}`, Methods[Name]>
}

/** The userdata a function's context asks for; a function that takes no context accepts any. */
export type UserdataOf<F> = F extends (...args: infer Args) => unknown
  ? Args extends []
    ? JsonObject
    : Args[0] extends TaskContext<infer Userdata>
      ? Userdata
      : never
  : never

/** What a run of this function results in. */
export type ResultOf<F> = F extends (...args: never[]) => infer Result ? Awaited<Result> : never

/** Members of a class that are not the class's own plumbing. */
type StaticMethodNames<Class> = {
  [Name in keyof Class & string]: Name extends 'prototype'
    ? never
    : Class[Name] extends AnyFunction
      ? Name
      : never
}[keyof Class & string]

type IsClass<F> = F extends abstract new (...args: never[]) => unknown ? true : false

type FunctionPaths<Callables> = {
  [Name in keyof Callables & string]: IsClass<Callables[Name]> extends true
    ? `${Name}.${StaticMethodNames<Callables[Name]>}`
    : Name
}[keyof Callables & string]

type MethodPaths<Methods> = {
  [Model in keyof Methods & string]: `${Model}.${keyof Methods[Model] & string}`
}[keyof Methods & string]

/** Dotted paths of functions and static methods. */
export type FunctionPathOf<Reg> =
  Reg extends Registered<unknown, infer Callables, unknown> ? FunctionPaths<Callables> : never
/** Dotted paths of record methods. */
export type MethodPathOf<Reg> =
  Reg extends Registered<unknown, unknown, infer Methods> ? MethodPaths<Methods> : never

/** The function a path names. */
export type FunctionAt<Reg, Path> =
  Reg extends Registered<unknown, infer Callables, infer Methods>
    ? Path extends keyof Callables
      ? Callables[Path]
      : Path extends `${infer Head}.${infer Name}`
        ? Head extends keyof Callables
          ? Name extends keyof Callables[Head]
            ? Callables[Head][Name]
            : never
          : Head extends keyof Methods
            ? Name extends keyof Methods[Head]
              ? Methods[Head][Name]
              : never
            : never
        : never
    : never

// Parameters and result are compared apart: two methods compared whole would match by their parameters' bivariance.
type Shape<F> = F extends (...args: infer Args) => infer Result ? [Args, Result] : never
type SameFunction<A, B> = Shape<A> extends Shape<B> ? (Shape<B> extends Shape<A> ? true : false) : false

/** The path or paths under which a function of this type is registered; never if none is. */
export type PathOfFunction<Reg, F> = {
  [Path in FunctionPathOf<Reg>]: SameFunction<FunctionAt<Reg, Path>, F> extends true ? Path : never
}[FunctionPathOf<Reg>]

/** The path a target names: itself when it is a path, that of a bound method, or that of a registered function. */
export type PathOfTarget<Reg, Target> = Target extends string
  ? Target extends FunctionPathOf<Reg> | MethodPathOf<Reg>
    ? Target
    : never
  : Target extends { readonly [boundPath]: infer Path }
    ? Path extends MethodPathOf<Reg>
      ? Path
      : never
    : PathOfFunction<Reg, Target>

/** What a call takes as its callable: a path, a registered function, or a method of a row. */
export type TargetOf<Reg> = FunctionPathOf<Reg> | MethodPathOf<Reg> | AnyFunction

/** `Target` itself when it is registered, else a text that tells what is wrong. */
export type CheckedTarget<Reg, Target> = [PathOfTarget<Reg, Target>] extends [never]
  ? { readonly error: 'this is not a registered callable: add it to `callables` or `methods` of sisy(…)' }
  : Target

/** Userdata of what a target names. */
export type TargetUserdata<Reg, Target> = UserdataOf<FunctionAt<Reg, PathOfTarget<Reg, Target>>>
/** Result of what a target names. */
export type TargetResult<Reg, Target> = ResultOf<FunctionAt<Reg, PathOfTarget<Reg, Target>>>

/** The record a path to a method needs: the key of one row. Functions and bound methods take none. */
export type RecordOption<Reg, Target> =
  Target extends MethodPathOf<Reg>
    ? Target extends `${infer Model}.${string}`
      ? {
          /** The record whose method is meant, by its primary key; a whole row will do. */
          readonly record: Reg extends Registered<infer Client, unknown, unknown>
            ? Partial<RowOf<Client, Model>>
            : never
        }
      : never
    : { readonly record?: never }

/** `userdata` is required exactly when the callable's context asks for members. */
export type UserdataOption<Userdata> = Nothing extends Userdata
  ? { /** The app's own data, JSON. Default `{}`. */ readonly userdata?: Userdata }
  : { /** The app's own data, JSON. */ readonly userdata: Userdata }
