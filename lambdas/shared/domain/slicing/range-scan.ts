import { z } from 'zod'

const count = z.int().nonnegative()

/** Where a record begins: its offset in the block, and the line ends before it there. */
const start = z.object({ at: count, lines: count })
export type RecordStart = z.infer<typeof start>

/** What a block of bytes holds if the parser is in a given state where it begins. */
const blockOutcome = z.object({
  /** The parser's state after the block. */
  next: count,
  /** Line ends in the block. */
  lines: count,
  /** Records that begin in the block. */
  records: count,
  /** The first record that begins in the block, and the last one. */
  first: start.optional(),
  last: start.optional(),
})
export type BlockOutcome = z.infer<typeof blockOutcome>

/** The blocks of a scanned range, each with its outcome per state of the parser. */
export const rangeScan = z.object({
  start: count,
  end: count,
  blocks: z.array(z.object({ start: count, end: count, outcomes: z.array(blockOutcome) })),
})
export type RangeScan = z.infer<typeof rangeScan>
