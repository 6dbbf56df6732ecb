import { DigestSet } from '../shared/domain/digest-set.ts'
import type { KeyEntry } from '../shared/domain/key-index.ts'
import type { IndexedBatch } from './indexed-batches.ts'

export interface Occurrence {
  readonly ordinal: number
  /** Whether it is left out of the load already. */
  readonly excluded: boolean
}

const ordinals = 2 ** 31

/** Finds keys that occur more than once. Memory: some 60 bytes for each key of the own batches, none for others'. */
export class RepeatedKeys {
  readonly #keys = new DigestSet()
  /** Where each key occurred first: number of the batch × 2^32, ordinal × 2, whether it is excluded. */
  readonly #first: number[] = []
  readonly #batches: IndexedBatch[] = []
  readonly #repeated = new Map<IndexedBatch, Map<number, Occurrence>>()

  addOwn(batch: IndexedBatch, entries: Iterable<KeyEntry>): void {
    const number = this.#batches.push(batch) - 1
    for (const { digest, ordinal, excluded } of entries) {
      const first = this.#first[this.#keys.add(digest)]
      if (first === undefined) this.#first.push((number * ordinals + ordinal) * 2 + Number(excluded))
      else this.#note(first, batch, { ordinal, excluded })
    }
  }

  /** Of another segment: what is repeated among its own keys alone is found when that segment is rehearsed. */
  compareOther(batch: IndexedBatch, entries: Iterable<KeyEntry>): void {
    for (const { digest, ordinal, excluded } of entries) {
      const first = this.#first[this.#keys.numberOf(digest) ?? -1]
      if (first !== undefined) this.#note(first, batch, { ordinal, excluded })
    }
  }

  /** Every occurrence of every key that occurs more than once. */
  byBatch(): [IndexedBatch, Occurrence[]][] {
    return [...this.#repeated].map(([batch, found]) => [batch, [...found.values()]])
  }

  #note(first: number, batch: IndexedBatch, here: Occurrence): void {
    const place = Math.floor(first / 2)
    const firstBatch = this.#batches[Math.floor(place / ordinals)]
    if (firstBatch) this.#put(firstBatch, { ordinal: place % ordinals, excluded: first % 2 === 1 })
    this.#put(batch, here)
  }

  #put(batch: IndexedBatch, occurrence: Occurrence): void {
    const found = this.#repeated.get(batch) ?? new Map<number, Occurrence>()
    this.#repeated.set(batch, found.set(occurrence.ordinal, occurrence))
  }
}
