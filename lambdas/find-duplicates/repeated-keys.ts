import type { KeyEntry } from '../shared/domain/key-index.ts'
import type { IndexedBatch } from './indexed-batches.ts'

export interface Occurrence {
  readonly batch: IndexedBatch
  readonly ordinal: number
  /** Whether it is left out of the load already. */
  readonly excluded: boolean
}

/** Every occurrence of every key that occurs more than once. */
export function repeatedKeys(
  indexes: readonly { readonly batch: IndexedBatch; readonly entries: readonly KeyEntry[] }[],
): Occurrence[] {
  const first = new Map<string, Occurrence>()
  const repeated = new Set<Occurrence>()
  for (const { batch, entries } of indexes) {
    for (const { digest, ordinal, excluded } of entries) {
      const name = Buffer.from(digest).toString('latin1')
      const here = { batch, ordinal, excluded }
      const earlier = first.get(name)
      if (earlier) repeated.add(earlier).add(here)
      else first.set(name, here)
    }
  }
  return [...repeated]
}
