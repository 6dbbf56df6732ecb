/** One entry as it is stored: its place in the chain, and its text. */
export interface StoredEntry {
  readonly sequence: number
  readonly text: string
}

/**
 * Where the entries of chains are kept, each at a place of its own that is written once, and the marks that say at
 * which place an event was logged. All reads are consistent.
 */
export interface LogStore {
  newest(chain: string): Promise<StoredEntry | undefined>
  entry(chain: string, sequence: number): Promise<string | undefined>
  /**
   * Puts an entry at a place that nobody has written. `false`: there is an entry, another's, or that of an earlier try
   * of this very call whose answer was lost.
   */
  put(chain: string, entry: StoredEntry): Promise<boolean>
  /** Place of the event with this id, where it is marked. */
  marked(chain: string, id: string): Promise<number | undefined>
  mark(chain: string, id: string, sequence: number): Promise<void>
  /** In the order of their places. */
  entries(chain: string): AsyncIterable<StoredEntry>
}
