/** A promise, and what settles it. */
export interface Deferred {
  readonly promise: Promise<void>
  resolve(): void
  reject(error: Error): void
}

export function createDeferred(): Deferred {
  let resolve = (): void => undefined
  let reject = (_error: Error): void => undefined
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  // Whoever does not wait for it has no use for its rejection.
  promise.catch(() => undefined)
  return { promise, resolve: () => resolve(), reject: (error) => reject(error) }
}
