import type { Slice } from '../../lambdas/shared/domain/manifest.ts'
import type { SourceRecord } from '../../lambdas/shared/domain/source-record.ts'
import type { ReadPosition, Source } from '../../lambdas/shared/ports/source.ts'
import { slicesOf } from './fake-source.ts'

export async function recordsOf(
  source: Source,
  slice: Slice | undefined,
  from?: ReadPosition,
): Promise<SourceRecord[]> {
  if (slice === undefined) throw new Error('there is no such slice')
  return Array.fromAsync(source.read(slice, from))
}

/** All records of all objects, planned in batches of about `batchBytes`. */
export async function allRecords(source: Source, batchBytes = 1 << 20): Promise<SourceRecord[]> {
  const slices: Slice[] = []
  for (const object of await source.list()) slices.push(...(await slicesOf(source, object, batchBytes)))
  return (await Promise.all(slices.map((slice) => recordsOf(source, slice)))).flat()
}

/** Fields of each record, or why it has none. */
export const fieldsOf = (records: readonly SourceRecord[]) =>
  records.map((record) => ('fields' in record ? record.fields : record.problem.reason))
