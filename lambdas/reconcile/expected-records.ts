import { DigestSum, textDigest, type SetDigest } from '../shared/domain/digest.ts'
import { asStaged, type RecordMapper } from '../shared/domain/mapping/record-mapper.ts'
import type { SourceRecord } from '../shared/domain/source-record.ts'
import type { Fields } from '../shared/domain/value.ts'

/** A record as the target should hold it. */
export interface ExpectedRecord {
  readonly ordinal: number
  readonly key: Fields
  readonly after: Fields
}

export interface ExpectedChunk {
  readonly records: readonly ExpectedRecord[]
  readonly digest: SetDigest
}

/** The mapping applied to records that were just read; what is filtered or kept back is not expected. */
export function expectedOf(
  records: readonly SourceRecord[],
  mapper: RecordMapper,
  duplicates: ReadonlySet<number>,
): ExpectedChunk {
  const expected: ExpectedRecord[] = []
  const digest = new DigestSum()
  for (const record of records) {
    const { ordinal } = record
    const result = mapper(asStaged(record))
    if (result.kind !== 'mapped' || duplicates.has(ordinal)) continue
    expected.push({ ordinal, key: result.key, after: result.after })
    digest.add(textDigest(result.text))
  }
  return { records: expected, digest: digest.result() }
}
