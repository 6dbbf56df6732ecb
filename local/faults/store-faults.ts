import { startDisturbance, type Disturbance, type FaultCounts } from './disturbance.ts'
import type { FaultOptions } from './fault-plan.ts'
import type { Store } from './kinds.ts'

/** What stands before the stores of one system; nothing, where no faults are asked for. */
export class StoreFaults {
  readonly #options: FaultOptions | undefined
  readonly #disturbances: Disturbance[] = []

  constructor(options: FaultOptions | undefined) {
    this.#options = options
  }

  /** The port at which callers find the store that is served on `to`: `wished` (0 for any), or `to` itself. */
  async before(store: Store, to: number, wished: number): Promise<number> {
    if (this.#options === undefined) return to
    const disturbance = await startDisturbance({ store, to, port: wished }, this.#options)
    this.#disturbances.push(disturbance)
    return disturbance.port
  }

  counts(): FaultCounts | undefined {
    if (this.#options === undefined) return undefined
    const all = this.#disturbances.map((one) => one.counts())
    const sum = (name: keyof FaultCounts) => all.reduce((total, counts) => total + counts[name], 0)
    return { calls: sum('calls'), failed: sum('failed') }
  }

  async close(): Promise<void> {
    await Promise.all(this.#disturbances.map((one) => one.close()))
  }
}
