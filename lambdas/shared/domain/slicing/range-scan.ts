import { z } from 'zod'

const count = z.int().nonnegative()

/** What a block of bytes holds if the parser is in a given state where it begins. */
const blockOutcome = z.object({
  /** The parser's state after the block. */
  next: count,
  /** Line ends in the block. */
  lines: count,
  /** Records that begin in the block. */
  records: count,
  /** Offset in the block of the first record that begins there. */
  first: count.optional(),
  /** Line ends before that record. */
  linesBeforeFirst: count,
})
export type BlockOutcome = z.infer<typeof blockOutcome>

/** The blocks of a scanned range, each with its outcome per state of the parser. */
export const rangeScan = z.object({
  start: count,
  end: count,
  blocks: z.array(z.object({ start: count, end: count, outcomes: z.array(blockOutcome) })),
})
export type RangeScan = z.infer<typeof rangeScan>
