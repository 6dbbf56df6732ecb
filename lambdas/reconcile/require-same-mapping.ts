import { LockgateError } from '../shared/contract/errors.ts'
import type { ClaimedBatch } from '../shared/batch/batch-step.ts'
import { sourceChunks } from '../shared/batch/source-chunks.ts'
import { readTransformed } from '../shared/batch/staged-chunks.ts'
import { differingFields } from '../shared/domain/comparison.ts'
import type { SetDigest } from '../shared/domain/digest.ts'
import type { SourceRecord } from '../shared/domain/source-record.ts'
import type { ExpectedChunk } from './expected-records.ts'
import type { ReconcilePorts } from './reconcile-ports.ts'

/**
 * Two runs of the mapping over the same source must give the same records. @throws NondeterministicMapping,
 * naming the fields of the first record that came out otherwise.
 */
export async function requireSameMapping(
  ports: ReconcilePorts,
  batch: ClaimedBatch,
  fresh: SetDigest,
  expect: (records: readonly SourceRecord[]) => ExpectedChunk,
): Promise<void> {
  const { mapped } = batch.checkpoint
  if (fresh.count === mapped.count && fresh.sum === mapped.sum) return
  const where = (await firstDifference(ports, batch, expect)) ?? 'another answer to the same source'
  throw new LockgateError(
    'NondeterministicMapping',
    `the mapping of ${batch.at.segment} gave two answers for one record of batch ${batch.at.batch}: ${where}. ` +
      'A mapping may use the record and its references alone, no clock, no randomness and no state',
  )
}

async function firstDifference(
  ports: ReconcilePorts,
  batch: ClaimedBatch,
  expect: (records: readonly SourceRecord[]) => ExpectedChunk,
): Promise<string | undefined> {
  const { source, deadline } = ports
  for await (const { chunk, records } of sourceChunks(source, batch, { chunk: 0 }, deadline.signal)) {
    const expected = new Map(expect(records).records.map((one) => [one.ordinal, one.after]))
    for (const { ordinal, after, isDuplicate } of await readTransformed(ports, batch, chunk)) {
      if (isDuplicate) continue
      const again = expected.get(ordinal)
      if (!again) return `record ${ordinal} was mapped once, and left out once`
      const fields = differingFields(after, again)
      if (fields.length > 0) return `record ${ordinal} differs in ${fields.join(', ')}`
      expected.delete(ordinal)
    }
    const [extra] = expected.keys()
    if (extra !== undefined) return `record ${extra} was left out once, and mapped once`
  }
  return undefined
}
