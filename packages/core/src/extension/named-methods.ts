import type { TaskMethods } from './task-methods.js'

type ScheduleOf<Reg> = TaskMethods<Reg>['schedule']
type WithCallableOf<Reg> = TaskMethods<Reg>['withCallable']
type RunOnceOf<Reg> = TaskMethods<Reg>['runOnce']
type RunOnceManyOf<Reg> = TaskMethods<Reg>['runOnceMany']
type RunIterationsOf<Reg> = TaskMethods<Reg>['runIterations']

/* eslint-disable @typescript-eslint/no-empty-object-type -- only an interface has a name in declarations */
export interface Schedule<Reg> extends ScheduleOf<Reg> {}
export interface WithCallable<Reg> extends WithCallableOf<Reg> {}
export interface RunOnce<Reg> extends RunOnceOf<Reg> {}
export interface RunOnceMany<Reg> extends RunOnceManyOf<Reg> {}
export interface RunIterations<Reg> extends RunIterationsOf<Reg> {}
/* eslint-enable @typescript-eslint/no-empty-object-type */

/**
 * The same methods, those that depend on what was registered each by a name. The declaration of a module that exports
 * its client then says the name, and not the whole signature with all that was registered many times in it, which the
 * compiler refuses for a large app.
 */
export interface NamedMethods<Reg> extends TaskMethods<Reg> {
  schedule: Schedule<Reg>
  withCallable: WithCallable<Reg>
  runOnce: RunOnce<Reg>
  runOnceMany: RunOnceMany<Reg>
  runIterations: RunIterations<Reg>
}
