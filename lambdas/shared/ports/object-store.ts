/** Named blobs: staging (which expires) and the archive (which is kept). */
export interface ObjectStore {
  /** Name of the bucket, for listings that a Distributed Map reads. */
  readonly bucket: string
  put(key: string, content: Uint8Array): Promise<void>
  /** Create-only, in one atomic step. */
  create(key: string, content: Uint8Array): Promise<'created' | 'exists'>
  /** Bytes [start, end) where given. `undefined` when there is no such object. */
  get(key: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array | undefined>
  /** Keys under a prefix, sorted. */
  list(prefix: string): AsyncIterable<string>
}
