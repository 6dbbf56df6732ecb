/** A signature by a key that never leaves its keeper. */
export interface Signature {
  /** In base64; of elliptic curves in DER. */
  readonly signature: string
  readonly algorithm: string
  /** ARN of the key. */
  readonly key: string
}

export interface Signer {
  /** Signs a message of any length by its SHA-256. */
  sign(digest: Uint8Array): Promise<Signature>
}
