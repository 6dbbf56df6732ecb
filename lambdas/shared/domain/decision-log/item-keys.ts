import { sha256 } from '../digest.ts'

/** Sort keys compare as texts: twelve digits put them in the order of their numbers. */
export const placeDigits = 12

/** Sort keys of entries begin with it, and come before `behindEntries`. */
export const entryPrefix = 'ENTRY#'
export const behindEntries = 'ENTRY$'

/** Sort key of an entry in the partition of its chain. */
export const placeKey = (sequence: number): string =>
  `${entryPrefix}${String(sequence).padStart(placeDigits, '0')}`

/** Sort key of the mark of an event: by its hash, because ids may be longer than a key. */
export const markKey = (id: string): string => `LOGGED#${sha256(id)}`
