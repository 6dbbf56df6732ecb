import { z } from 'zod'
import { decode, encode } from './canonical.ts'
import { quarantineReasons } from './quarantine-reasons.ts'
import type { SourceRecord } from './source-record.ts'
import type { Fields, Value } from './value.ts'

/** Lines of the staged chunks: `extracted` holds records as read, `transformed` what the mapping made of them. */

const problem = z.object({
  reason: z.enum(quarantineReasons),
  field: z.string().optional(),
  detail: z.string(),
})
const extractedLine = z.object({
  ordinal: z.int().nonnegative(),
  object: z.string(),
  line: z.int(),
  byte: z.int(),
  raw: z.string(),
  fields: z.unknown().optional(),
  problem: problem.optional(),
})

export function encodeExtracted(record: SourceRecord): string {
  const { ordinal, place, raw } = record
  const content = 'fields' in record ? { fields: record.fields as Value } : { problem: { ...record.problem } }
  return encode({ ordinal, object: place.object, line: place.line, byte: place.byte, raw, ...content })
}

/** @throws ZodError when the line is not one that `encodeExtracted` wrote. */
export function decodeExtracted(text: string): SourceRecord {
  const { ordinal, object, line, byte, raw, fields, problem } = extractedLine.parse(decode(text))
  const base = { ordinal, place: { object, line, byte }, raw }
  if (!problem) return { ...base, fields }
  const { field, ...rest } = problem
  return { ...base, problem: { ...rest, ...(field !== undefined && { field }) } }
}

/** A mapped record. `isDuplicate`: its key occurs more than once, and it is not loaded. */
export interface TransformedRecord {
  readonly ordinal: number
  readonly after: Fields
  readonly isDuplicate: boolean
}

const transformedLine = z.tuple([
  z.int().nonnegative(),
  z.boolean(),
  z.custom<Fields>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
])

/** `text` is the canonical text of the fields: they are not encoded twice. */
export function encodeTransformed(ordinal: number, isDuplicate: boolean, text: string): string {
  return `["l",${ordinal},${isDuplicate},${text}]`
}

export function decodeTransformed(line: string): TransformedRecord {
  const [ordinal, isDuplicate, after] = transformedLine.parse(decode(line))
  return { ordinal, isDuplicate, after }
}
