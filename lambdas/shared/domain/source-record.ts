import type { QuarantineReason } from './quarantine-reasons.ts'

/** Where a record stands in the source. Lines count from 1, bytes from 0; gzip objects are counted unpacked. */
export interface Place {
  /** Object key within the source's bucket. */
  readonly object: string
  readonly line: number
  readonly byte: number
}

/** A record as read: its fields, or why it could not be read. `raw` is the record's text, whole. */
export type SourceRecord = {
  /** Ordinal within the batch, from 0. */
  readonly ordinal: number
  readonly place: Place
  readonly raw: string
} & ({ readonly fields: unknown } | { readonly problem: Problem })

/** Why a record goes to quarantine. Never contains a value of the record: the reason is shown to people. */
export interface Problem {
  readonly reason: QuarantineReason
  /** The field at fault, where one is. */
  readonly field?: string
  /** One sentence, without values. */
  readonly detail: string
}
