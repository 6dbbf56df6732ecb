import { DigestSet } from '../shared/domain/digest-set.ts'
import type { KeyEntry } from '../shared/domain/key-index.ts'
import type { IndexedBatch } from './indexed-batches.ts'

/**
 * Tells which keys occur more than once, and in which batches. Memory: some 60 bytes for each distinct key of the own
 * batches, none for others' and none for an occurrence, because a mapping can give all its records one key. Where in a
 * batch they are is read from its index again.
 */
export class RepeatedKeys {
  readonly #keys = new DigestSet()
  /** By number of the key: the number of the run of a batch in which it occurred first; all bits turned once it is repeated. */
  readonly #first: number[] = []
  readonly #runs: IndexedBatch[] = []
  readonly #affected = new Set<IndexedBatch>()

  /** One run of the index of a batch, or all of it. */
  addOwn(batch: IndexedBatch, entries: Iterable<KeyEntry>): void {
    const run = this.#runs.push(batch) - 1
    for (const { digest } of entries) {
      const key = this.#keys.add(digest)
      if (key === this.#first.length) this.#first.push(run)
      else this.#repeat(key, batch)
    }
  }

  /** Of another segment: what is repeated among its own keys alone is found when that segment is rehearsed. */
  compareOther(batch: IndexedBatch, entries: Iterable<KeyEntry>): void {
    for (const { digest } of entries) {
      const key = this.#keys.numberOf(digest)
      if (key !== undefined) this.#repeat(key, batch)
    }
  }

  /** Batches in which a key occurs that occurs more than once. */
  get batches(): readonly IndexedBatch[] {
    return [...this.#affected]
  }

  has(digest: Uint8Array): boolean {
    const key = this.#keys.numberOf(digest)
    return key !== undefined && (this.#first[key] ?? 0) < 0
  }

  #repeat(key: number, batch: IndexedBatch): void {
    const first = this.#first[key] ?? 0
    if (first >= 0) {
      this.#first[key] = ~first
      const firstBatch = this.#runs[first]
      if (firstBatch) this.#affected.add(firstBatch)
    }
    this.#affected.add(batch)
  }
}
