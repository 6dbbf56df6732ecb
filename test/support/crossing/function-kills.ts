import type { RunningInvocation } from '../../../local/lambda/pool.ts'

/** Enough for every function of a run, and few enough for each to get through its retries. */
const killsPerFunction = 2

/**
 * Kills single function processes in the middle of what they do: each at seeded requests, counted while it runs. To be
 * told of each request served.
 */
export class FunctionKills {
  /** How often each function was killed, by its name without the environment. */
  readonly counts = new Map<string, number>()
  readonly #served = new Map<string, number>()
  readonly #next = new Map<string, number>()
  readonly #spared: ReadonlySet<string>
  readonly #random: () => number

  constructor(random: () => number, spared: readonly string[]) {
    this.#random = random
    this.#spared = new Set(spared)
  }

  served(running: readonly RunningInvocation[]): void {
    const byName = new Map(running.map((one) => [one.functionName.replace(/^lockgate-[^-]*-/, ''), one]))
    for (const [name, { kill }] of byName) {
      if (this.#spared.has(name)) continue
      const served = (this.#served.get(name) ?? 0) + 1
      this.#served.set(name, served)
      // The first time soon: some functions make no more than three requests.
      const next = this.#next.get(name) ?? 1 + Math.floor(this.#random() * 3)
      this.#next.set(name, next)
      const count = this.counts.get(name) ?? 0
      if (served < next || count >= killsPerFunction) continue
      kill()
      this.counts.set(name, count + 1)
      this.#next.set(name, served + 1 + Math.floor(this.#random() * 100))
    }
  }
}
