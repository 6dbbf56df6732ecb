import type { LogStore, StoredEntry } from '../../lambdas/shared/ports/log-store.ts'

/** Chains in memory. */
export class FakeLogStore implements LogStore {
  /** Texts of entries by chain and place. */
  readonly chains = new Map<string, Map<number, string>>()
  /** Places by chain and id. */
  readonly marks = new Map<string, Map<string, number>>()

  async newest(chain: string): Promise<StoredEntry | undefined> {
    return this.#stored(chain).at(-1)
  }

  async entry(chain: string, sequence: number): Promise<string | undefined> {
    return this.chains.get(chain)?.get(sequence)
  }

  async put(chain: string, { sequence, text }: StoredEntry): Promise<boolean> {
    const entries = this.chains.get(chain) ?? new Map<number, string>()
    this.chains.set(chain, entries)
    if (entries.has(sequence)) return false
    entries.set(sequence, text)
    return true
  }

  async marked(chain: string, id: string): Promise<number | undefined> {
    return this.marks.get(chain)?.get(id)
  }

  async mark(chain: string, id: string, sequence: number): Promise<void> {
    const marks = this.marks.get(chain) ?? new Map<string, number>()
    this.marks.set(chain, marks.set(id, sequence))
  }

  async *entries(chain: string): AsyncIterable<StoredEntry> {
    yield* this.#stored(chain)
  }

  #stored(chain: string): StoredEntry[] {
    const entries = [...(this.chains.get(chain) ?? [])]
    return entries.map(([sequence, text]) => ({ sequence, text })).sort((a, b) => a.sequence - b.sequence)
  }
}
