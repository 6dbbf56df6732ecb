import { z } from 'zod'

/** How far one part of the scan of a whole target is. */
export const scanPosition = z.object({
  pages: z.int().nonnegative(),
  /** Where the next page begins; the adapter's own text. */
  after: z.string().optional(),
  done: z.boolean(),
})
export type ScanPosition = z.infer<typeof scanPosition>

/** One partition of the comparison of the keys in a target with those that the source explains. */
export const wholeTargetPart = z.object({
  counted: z.int().nonnegative(),
  explained: z.int().nonnegative(),
  /** Some of the keys that nothing explains, as people may see them. */
  examples: z.array(z.string()),
})
export type WholeTargetPart = z.infer<typeof wholeTargetPart>
