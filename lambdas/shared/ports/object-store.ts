/** Named blobs: staging (which expires) and the archive (which is kept). */
export interface ObjectStore {
  /** Name of the bucket, for listings that a Distributed Map reads. */
  readonly bucket: string
  put(key: string, content: Uint8Array): Promise<void>
  /**
   * Create-only, in one atomic step. Where it `exists`, another writer was first, or an earlier try of this very call
   * whose answer was lost: who has to know which, reads what is there.
   */
  create(key: string, content: Uint8Array): Promise<'created' | 'exists'>
  /** Bytes [start, end) where given. `undefined` when there is no such object. */
  get(key: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array | undefined>
  /** Keys under a prefix, in order of their code points. */
  list(prefix: string): AsyncIterable<string>
}
