import type { HashText } from '../domain/mapping/owned-fields.ts'

/** A keyed hash for fields classified `pii: 'hash'`. */
export interface PiiHasher {
  /** Obtains the key; called once per process, and only if a segment hashes a field. */
  prepare(): Promise<HashText>
}
