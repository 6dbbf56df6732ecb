import { LockgateError } from '../../contract/errors.ts'
import type { Clock } from '../../ports/clock.ts'
import { isThrottled, isTransient } from '../transient.ts'

interface PaceOptions {
  readonly clock: Clock
  /** Requests at once while nothing is throttled. */
  readonly most: number
  readonly onThrottle?: () => void
  /** Between 0 and 1; spreads the retries. */
  readonly random?: () => number
}

const firstDelay = 50
const longestDelay = 5_000
/** A connection that fails so often in a row is not coming back within one attempt. */
const transientTries = 8

/**
 * How many requests run at once against one table: halved by each throttled answer, and grown again by one per
 * round of answers. Throttling is waited out until the signal aborts. @throws TargetThrottled.
 */
export class Pace {
  readonly #options: PaceOptions
  readonly #waiting: (() => void)[] = []
  #limit: number
  #running = 0

  constructor(options: PaceOptions) {
    this.#options = options
    this.#limit = options.most
  }

  get limit(): number {
    return this.#limit
  }

  /** Runs a task per item, so many at once as the pace allows. When one fails, the others are awaited or aborted. */
  async all<T, R>(
    items: readonly T[],
    signal: AbortSignal | undefined,
    task: (item: T, signal: AbortSignal) => Promise<R>,
  ): Promise<R[]> {
    const failure = new AbortController()
    const either = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal
    const results = new Array<R>(items.length)
    const entries = items.entries()
    const work = async (): Promise<void> => {
      for (const [i, item] of entries) results[i] = await this.#one(() => task(item, either), either)
    }
    const workers = Array.from({ length: Math.min(this.#options.most, items.length) }, work)
    try {
      await Promise.all(workers)
      return results
    } catch (error) {
      failure.abort(error)
      await Promise.allSettled(workers)
      throw error
    }
  }

  async #one<R>(task: () => Promise<R>, signal: AbortSignal): Promise<R> {
    let refused: unknown
    let broken = 0
    for (let tries = 1; ; tries += 1) {
      if (signal.aborted && refused !== undefined) throw throttled(refused)
      signal.throwIfAborted()
      await this.#enter()
      try {
        const result = await task()
        this.#limit = Math.min(this.#options.most, this.#limit + 1 / this.#limit)
        return result
      } catch (error) {
        const isThrottle = isThrottled(error)
        broken = isThrottle ? 0 : broken + 1
        if (signal.aborted && this.#limit < this.#options.most) throw throttled(error)
        if (signal.aborted || !(isThrottle || (isTransient(error) && broken < transientTries))) throw error
        if (isThrottle) this.#slowDown()
        refused = isThrottle ? error : undefined
        await this.#wait(tries, signal, error, isThrottle)
      } finally {
        this.#leave()
      }
    }
  }

  #slowDown(): void {
    this.#limit = Math.max(1, this.#limit / 2)
    this.#options.onThrottle?.()
  }

  async #wait(tries: number, signal: AbortSignal, cause: unknown, isThrottle: boolean): Promise<void> {
    const { clock, random = Math.random } = this.#options
    const longest = Math.min(longestDelay, firstDelay * 2 ** Math.min(tries, 10))
    try {
      await clock.sleep(Math.ceil(longest * (0.5 + random() / 2)), signal)
    } catch (error) {
      if (!isThrottle) throw error
      throw throttled(cause)
    }
  }

  async #enter(): Promise<void> {
    while (this.#running >= Math.floor(this.#limit)) await new Promise<void>((go) => this.#waiting.push(go))
    this.#running += 1
  }

  #leave(): void {
    this.#running -= 1
    // Each of them looks at the limit again, which may have changed.
    for (const go of this.#waiting.splice(0)) go()
  }
}

function throttled(cause: unknown): LockgateError {
  const message =
    'the target throttled until the time ran out; what is written stays, and the next attempt goes on'
  return new LockgateError('TargetThrottled', message, { cause })
}
