import { encode } from '../shared/domain/canonical.ts'
import { DigestSum, textDigest, type SetDigest } from '../shared/domain/digest.ts'
import type { QuarantineEntry } from '../shared/domain/frames.ts'
import { addReasons, emptyLedger, type Ledger } from '../shared/domain/ledger.ts'
import type { RecordMapper } from '../shared/domain/mapping/record-mapper.ts'
import { itemBytes } from '../shared/domain/forecast/item-size.ts'
import type { ProfileBuilder } from '../shared/domain/profile/profile-builder.ts'
import type { Problem, SourceRecord } from '../shared/domain/source-record.ts'
import { encodeTransformed } from '../shared/domain/staged.ts'
import type { IndexedKey } from './index-runs.ts'

export interface TransformedChunk {
  /** Lines of the staged chunk; duplicates are among them, marked. */
  readonly lines: readonly string[]
  /** Lines of the quarantine object. */
  readonly quarantine: readonly string[]
  readonly keys: readonly IndexedKey[]
  readonly ledger: Ledger
  /** Of the records that go on to the target. */
  readonly digest: SetDigest
}

const duplicate: Problem = {
  reason: 'DuplicateTargetKey',
  detail:
    'another record has the same target key, and none of them is loaded; make the key unique in the mapping',
}

/** @throws InvalidDefinition when a contract is asynchronous. */
export function transformChunk(
  records: Iterable<SourceRecord>,
  mapper: RecordMapper,
  duplicates: ReadonlySet<number>,
  profile: ProfileBuilder,
): TransformedChunk {
  const lines: string[] = []
  const quarantine: string[] = []
  const keys: IndexedKey[] = []
  const digest = new DigestSum()
  let { mapped, filtered, quarantined } = emptyLedger

  const keepBack = (record: SourceRecord, problem: Problem): void => {
    quarantine.push(quarantineLine(record, problem))
    quarantined = addReasons(quarantined, { [problem.reason]: 1 })
  }

  for (const record of records) {
    const { ordinal } = record
    profile.see(record)
    const result = mapper(record)
    if (result.kind === 'filtered') {
      filtered = addReasons(filtered, { [result.reason]: 1 })
    } else if (result.kind === 'quarantined') {
      keepBack(record, result.problem)
    } else {
      const isDuplicate = duplicates.has(ordinal)
      lines.push(encodeTransformed(ordinal, isDuplicate, result.text))
      keys.push({ key: result.key, ordinal, isDuplicate })
      if (isDuplicate) {
        keepBack(record, duplicate)
      } else {
        mapped += 1
        profile.seeItem(itemBytes(result.after))
        digest.add(textDigest(result.text))
      }
    }
  }
  const ledger = { ...emptyLedger, mapped, filtered, quarantined }
  return { lines, quarantine, keys, ledger, digest: digest.result() }
}

function quarantineLine({ ordinal, place, raw }: SourceRecord, problem: Problem): string {
  const entry: QuarantineEntry = { ordinal, ...place, ...problem, raw }
  return encode({ ...entry })
}
