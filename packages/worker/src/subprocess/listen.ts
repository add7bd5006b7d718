/** What of an EventEmitter is needed, which `process` is by its shape only. */
interface Emitter {
  on(event: string, listener: () => void): unknown
  off(event: string, listener: () => void): unknown
  getMaxListeners(): number
  setMaxListeners(most: number): unknown
}

/**
 * Listens to what all pools of a process share, of which there may be many: Node does not take it for a leak.
 *
 * @returns stops listening; harmless twice.
 */
export function listen(emitter: Emitter, event: string, listener: () => void): () => void {
  let listening = true
  const allow = (more: 1 | -1): void => {
    const most = emitter.getMaxListeners()
    // 0 means any number.
    if (most > 0) emitter.setMaxListeners(most + more)
  }
  allow(1)
  emitter.on(event, listener)
  return () => {
    if (!listening) return
    listening = false
    emitter.off(event, listener)
    allow(-1)
  }
}
