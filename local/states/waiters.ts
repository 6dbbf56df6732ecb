import { abortable } from './interruption.ts'

/** Who waits in this process for what: the end of an execution, or a callback with a token. */
export class Waiters {
  readonly #waiting = new Map<string, Set<() => void>>()

  /** Resolves when the key is woken; rejects with Interrupted when the signal is aborted. */
  async wait(key: string, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const all = this.#waiting.get(key) ?? new Set()
    this.#waiting.set(key, all.add(resolve))
    try {
      await abortable(promise, signal)
    } finally {
      all.delete(resolve)
      if (all.size === 0 && this.#waiting.get(key) === all) this.#waiting.delete(key)
    }
  }

  wake(key: string): void {
    for (const resolve of this.#waiting.get(key) ?? []) resolve()
    this.#waiting.delete(key)
  }
}
