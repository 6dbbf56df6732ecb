import { createHash } from 'node:crypto'
import { kinds, type Fault, type Store } from './kinds.ts'

export interface FaultOptions {
  /** Between 0 and 1: how likely a call is to fail. */
  readonly share: number
  /** The same seed gives the same faults, call by call of one store. Which calls are under way at once is not in its hands. */
  readonly seed: number
}

/** What becomes of a call: whether it takes effect before it fails, and how it fails. */
export interface PlannedFault {
  readonly when: 'before' | 'after'
  readonly fault: Fault
}

/** The fault of each next call of a store, or `undefined` where it is to succeed. Half of them come after the effect. */
export function faultPlan({ share, seed }: FaultOptions, store: Store): () => PlannedFault | undefined {
  const random = randomFrom(seed, store)
  return () => {
    // Always as many numbers a call: then another share disturbs the same calls, and more of them.
    const [chance, moment, kind] = [random(), random(), random()]
    if (chance >= share) return undefined
    const when = moment < 0.5 ? 'before' : 'after'
    const possible = kinds[store][when]
    const fault = possible[Math.floor(kind * possible.length)]
    if (fault === undefined) throw new Error(`${store} has no fault ${when} the effect`)
    return { when, fault }
  }
}

/** mulberry32: numbers at least 0 and less than 1. Each store has a sequence of its own. */
function randomFrom(seed: number, store: Store): () => number {
  let state = createHash('sha256').update(`${seed} ${store}`).digest().readInt32LE()
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
