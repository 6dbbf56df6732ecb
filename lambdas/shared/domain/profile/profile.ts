import { z } from 'zod'
import { valueTypes } from './value-type.ts'

const count = z.int().nonnegative()

/** What was seen in one column: counts, and where its values need no hiding a sketch of how many there are. */
export const columnProfile = z.object({
  name: z.string(),
  /** Records in which it is null, absent or empty. */
  nulls: count,
  types: z.partialRecord(z.enum(valueTypes), count),
  /** A `DistinctSketch`; absent where the column may hold personal data. */
  distinct: z.string().optional(),
})
export type ColumnProfile = z.infer<typeof columnProfile>

/** Names of the columns in their order, and how many records have exactly these; for delimited text. */
const header = z.object({ columns: z.array(z.string()), records: count })

/**
 * What a part of the source looks like, without a value of it. One lies in the archive per run of chunks of a batch,
 * and they add up to the batch's.
 */
export const partProfile = z.object({
  records: count,
  /** Of the records as UTF-8, without line ends. */
  bytes: count,
  /** Records that could not be read into fields; they are in quarantine. */
  unread: count,
  /** Records with a name that the contract does not declare; for JSON, where names can be data. */
  undeclared: count,
  headers: z.array(header),
  columns: z.array(columnProfile),
  /** What the mapping made of it, and what that takes of DynamoDB. */
  mapped: z.object({ records: count, bytes: count, writeUnits: count, readUnits: count }),
})
export type PartProfile = z.infer<typeof partProfile>
