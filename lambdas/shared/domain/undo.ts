import { z } from 'zod'
import { LockgateError } from '../contract/errors.ts'
import { decode, encode } from './canonical.ts'
import type { Fields } from './value.ts'

/**
 * The images of one intended write. `base`: the record before our first write. `expected`: as it must be now.
 * `after`: as it shall be. Owned fields and key only; `undefined` where there is no record.
 */
export interface Image {
  readonly key: Fields
  readonly base: Fields | undefined
  readonly expected: Fields | undefined
  readonly after: Fields
}

const fields = z.custom<Fields>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)
const imageSchema = z.object({
  key: fields,
  base: fields.optional(),
  expected: fields.optional(),
  after: fields,
})

/** One line of an undo chunk. */
export function encodeImage({ key, base, expected, after }: Image): string {
  return encode({ key, base, expected, after })
}

/** @throws UndoChunkMismatch when the line is not an image. */
export function decodeImage(line: string): Image {
  const parsed = imageSchema.safeParse(decode(line))
  if (!parsed.success)
    throw new LockgateError('UndoChunkMismatch', 'an undo chunk has a line that is no image')
  const { key, base, expected, after } = parsed.data
  return { key, base, expected, after }
}
