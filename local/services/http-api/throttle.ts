/** A token bucket: `burst` requests at once, refilled by `rate` a second. */
export class Throttle {
  readonly #rate: number
  readonly #burst: number
  readonly #now: () => number
  #tokens: number
  #at: number

  /** @param now milliseconds */
  constructor(
    { rate, burst }: { readonly rate: number; readonly burst: number },
    now = () => performance.now(),
  ) {
    this.#rate = rate
    this.#burst = burst
    this.#now = now
    this.#tokens = burst
    this.#at = now()
  }

  take(): boolean {
    const now = this.#now()
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate)
    this.#at = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
