/** What a record may take, so that memory stays bounded whatever a file holds. */
export interface RecordLimits {
  /** A longer record, line end excluded, gets the problem `RecordTooLong` and is not kept. */
  readonly recordBytes: number
  /** How much of a record that is too long, or never closes its quote, is kept as `raw`. */
  readonly rawBytes: number
}

export const recordLimits: RecordLimits = { recordBytes: 16 * 1024 * 1024, rawBytes: 1024 * 1024 }
