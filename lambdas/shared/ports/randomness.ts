/** Where secrets come from. */
export interface Randomness {
  /** Bytes that nobody can predict. */
  bytes(count: number): Uint8Array
}
