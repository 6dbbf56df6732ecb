import type { ClaimedBatch } from '../shared/batch/batch-step.ts'
import type { BatchReconciliation } from '../shared/domain/checkpoint.ts'
import { differingFields, sameRecord } from '../shared/domain/comparison.ts'
import { DigestSum, recordDigest, type SetDigest } from '../shared/domain/digest.ts'
import type { Difference } from '../shared/domain/evidence.ts'
import { addReasons } from '../shared/domain/ledger.ts'
import { classifiedFields, maskedFields } from '../shared/domain/mapping/owned-fields.ts'
import { shownKey, shownValue } from '../shared/domain/shown.ts'
import type { SourceRecord } from '../shared/domain/source-record.ts'
import type { Fields } from '../shared/domain/value.ts'
import type { ReadPosition } from '../shared/ports/source.ts'
import type { ExpectedChunk, ExpectedRecord } from './expected-records.ts'
import type { ReconcilePorts } from './reconcile-ports.ts'

interface ChunkToCompare {
  readonly expected: ExpectedChunk
  readonly start: ReadPosition
  /** Records of the source in this chunk. */
  readonly records: number
  readonly expect: (records: readonly SourceRecord[]) => ExpectedChunk
}

/** A record as it should be, and as it is. Where nothing differs, `actual` is the very object that is expected. */
export interface Pair {
  readonly expected: ExpectedRecord
  readonly actual: Fields | undefined
}

const isSame = ({ expected, actual }: Pair) => actual === expected.after

/**
 * Compares the expected records of a chunk with the target: digests first, records only where they differ. A
 * difference is read again on both sides after a delay, and counts when it has not settled by then.
 */
export async function compareChunk(
  ports: ReconcilePorts,
  batch: ClaimedBatch,
  { expected, start, records, expect }: ChunkToCompare,
): Promise<{ reconciliation: BatchReconciliation; examples: Difference[]; pairs: readonly Pair[] }> {
  const { segment, clock, settleDelay, deadline } = ports
  let pairs = await readPairs(ports, expected.records, expected.digest)
  if (!pairs.every(isSame)) {
    await clock.sleep(settleDelay, deadline.signal)
    const again = new Map(
      expect(await readAgain(ports, batch, start, records)).records.map((one) => [one.ordinal, one]),
    )
    const doubtful = pairs
      .filter((pair) => !isSame(pair))
      .map((pair) => again.get(pair.expected.ordinal) ?? pair.expected)
    pairs = [...pairs.filter(isSame), ...(await readPairs(ports, doubtful))]
  }
  const differing = pairs.filter((pair) => !isSame(pair))

  let missing = 0
  let fields: Record<string, number> = {}
  const examples: Difference[] = []
  const hidden = maskedFields(segment)
  const notOurs = classifiedFields(segment)
  for (const { expected: one, actual } of differing) {
    const key = shownKey(one.key, hidden)
    if (!actual) {
      missing += 1
      examples.push({ kind: 'missing', key })
      continue
    }
    for (const field of differingFields(one.after, actual)) {
      fields = addReasons(fields, { [field]: 1 })
      const shown = {
        expected: shownValue(field, one.after[field], hidden),
        actual: shownValue(field, actual[field], notOurs),
      }
      examples.push({ kind: 'different', key, field, ...shown })
    }
  }
  const compared = expected.records.length
  const different = differing.length - missing
  const reconciliation = { compared, missing, different, fields, expected: expected.digest }
  return { reconciliation, examples, pairs }
}

/** Compared record by record only where `digest`, the sum over all of them, is not what the target holds. */
async function readPairs(
  { target, deadline }: ReconcilePorts,
  records: readonly ExpectedRecord[],
  digest?: SetDigest,
): Promise<Pair[]> {
  if (records.length === 0) return []
  const keys = records.map(({ key }) => key)
  const actual = await target.read(keys, deadline.signal)
  if (digest) {
    const sum = new DigestSum()
    for (const record of actual) if (record) sum.add(recordDigest(record))
    const found = sum.result()
    if (found.count === digest.count && found.sum === digest.sum) return records.map(equal)
  }
  return records.map((expected, i) =>
    sameRecord(expected.after, actual[i]) ? equal(expected) : { expected, actual: actual[i] },
  )
}

const equal = (expected: ExpectedRecord): Pair => ({ expected, actual: expected.after })

async function readAgain(
  { source, deadline }: ReconcilePorts,
  { slice }: ClaimedBatch,
  start: ReadPosition,
  count: number,
): Promise<SourceRecord[]> {
  const records: SourceRecord[] = []
  for await (const record of source.read(slice, start, deadline.signal)) {
    records.push(record)
    if (records.length === count) break
  }
  return records
}
