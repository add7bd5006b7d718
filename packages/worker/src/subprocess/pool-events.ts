import { EventEmitter } from 'node:events'
import type { Measurement } from './measure/measurement.js'
import type { PoolStartError } from './pool-errors.js'
import type { ChildEndCause, EndedRun } from './pool-outcome.js'

/** A child process of the pool. */
export interface ChildInfo {
  /** Its place in the pool, from 0; whoever replaces it has the same. */
  readonly slot: number
  readonly pid: number
}

/** How a child ended. */
export interface EndedChild extends ChildInfo {
  readonly cause: ChildEndCause
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Why it did not get ready, or the exception that nobody caught. */
  readonly error?: unknown
  /** Whether another takes its place. */
  readonly replaced: boolean
  /** CPU time it is known to have used, milliseconds. */
  readonly cpuMs: number
  /** Names of the runs that ended with it. */
  readonly runs: readonly string[]
}

/** What a pool tells, each with what its listeners get. */
export interface PoolEvents {
  /** A run ended. */
  outcome: [ended: EndedRun<unknown>]
  /** A child can take runs. */
  ready: [child: ChildInfo]
  /** A child ended; unless the pool is stopping, another takes its place. */
  ended: [child: EndedChild]
  /** A child's event loop does not answer: user code blocks it, or the process was stopped. */
  blocked: [child: ChildInfo & { readonly ms: number; readonly runs: readonly string[] }]
  /** It answers again. */
  unblocked: [child: ChildInfo & { readonly ms: number; readonly runs: readonly string[] }]
  /** A child was measured from outside. */
  measured: [child: ChildInfo & Measurement & { readonly lagMs: number | null }]
  /** A child holds more than `recycleMemory` before it has run anything. */
  tight: [child: ChildInfo & { readonly residentBytes: number; readonly recycleMemory: number }]
  /** There may be more room than before. */
  free: []
  /** No child ever got ready; the pool has given up. */
  failed: [error: PoolStartError]
}

/** Tells listeners; what one of them throws is thrown apart, so that the pool goes on in a sound state. */
export interface PoolEmitter {
  emit<Name extends keyof PoolEvents>(name: Name, ...told: PoolEvents[Name]): void
  readonly on: <Name extends keyof PoolEvents>(
    name: Name,
    listener: (...told: PoolEvents[Name]) => void,
  ) => () => void
}

export function createPoolEmitter(): PoolEmitter {
  const emitter = new EventEmitter()
  return {
    emit: (name, ...told) => {
      try {
        emitter.emit(name, ...told)
      } catch (error) {
        queueMicrotask(() => {
          throw error
        })
      }
    },
    on: (name, listener) => {
      // EventEmitter's own types know no tuple that depends on a type parameter.
      const untyped = listener as (...told: unknown[]) => void
      emitter.on(name, untyped)
      return () => {
        emitter.off(name, untyped)
      }
    },
  }
}
