import type { SourceSpec } from '../../../lambdas/shared/domain/definition/source.ts'
import { recordLimits, type RecordLimits } from '../../../lambdas/shared/domain/reading/limits.ts'
import type { FoundRecord } from '../../support/csv-oracle.ts'
import { objectOf, readSlices, resolveAt, type PlacedRecord, type Sizes } from '../../support/split.ts'

const found = ({ place: { byte, line }, raw, ...rest }: PlacedRecord): FoundRecord =>
  'fields' in rest
    ? { byte, line, raw, fields: rest.fields }
    : { byte, line, raw, reason: rest.problem.reason }

export interface Found {
  readonly records: FoundRecord[]
  /** Where a quote that is never closed opens, as planning says it. */
  readonly open: { readonly byte: number; readonly line: number } | undefined
}

/** What the ranges between the cuts give together. */
export async function inRanges(
  spec: SourceSpec,
  bytes: Buffer,
  cuts: readonly number[],
  { limits = recordLimits, ...sizes }: Partial<Sizes> & { limits?: RecordLimits } = {},
): Promise<Found> {
  const all = { blockBytes: 1 << 20, batchBytes: 1, chunk: 1 + (bytes.length % 7), ...sizes }
  const { slices, open } = await resolveAt(spec, objectOf(spec, bytes), bytes, cuts, all)
  return { records: (await readSlices(spec, bytes, slices, all.chunk, limits)).map(found), open }
}

/** Where a file can be cut. */
export const points = (bytes: Buffer) =>
  Array.from({ length: Math.max(0, bytes.length - 1) }, (_, i) => i + 1)
