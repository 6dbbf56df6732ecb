import { z } from 'zod'

/**
 * Ordinals in one batch whose target key occurs more than once; an object per partition of the key index. It
 * names the definition that it was found under: another mapping has other keys.
 */
export const duplicateOrdinals = z.object({
  fingerprint: z.string(),
  ordinals: z.array(z.int().nonnegative()),
})
export type DuplicateOrdinals = z.infer<typeof duplicateOrdinals>
