import type { BatchStep, StepResult } from '../shared/contract/payloads.ts'
import { runBatchStep, type BatchPorts, type ClaimedBatch } from '../shared/batch/batch-step.ts'
import { keysUnder, readExtracted, readTransformed, writeTransformed } from '../shared/batch/staged-chunks.ts'
import { knownDuplicates } from '../shared/batch/known-duplicates.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { addDigests, emptyDigest, keyDigest } from '../shared/domain/digest.ts'
import { packLines } from '../shared/domain/frames.ts'
import { KeyIndexBuilder } from '../shared/domain/key-index.ts'
import { addLedgers, emptyLedger, imbalance, ledgerMismatch, total } from '../shared/domain/ledger.ts'
import { hashesFields, keyOf } from '../shared/domain/mapping/owned-fields.ts'
import { recordMapper } from '../shared/domain/mapping/record-mapper.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import type { PiiHasher } from '../shared/ports/pii-hasher.ts'
import { transformChunk } from './transform-chunk.ts'

export interface TransformPorts extends BatchPorts {
  readonly segment: Segment
  readonly hasher: PiiHasher
}

/**
 * Maps the staged records of a batch, keeps back what breaks a contract, and writes the index of its target
 * keys. @throws InvalidDefinition, StagedObjectMissing, and what a batch step throws.
 */
export async function transform(input: BatchStep, ports: TransformPorts): Promise<StepResult> {
  return runBatchStep('transform', input, ports, async (batch) => {
    const { segment, hasher, archive, metrics } = ports
    const mapper = recordMapper(segment, hashesFields(segment) ? await hasher.prepare() : undefined)
    const duplicates = await knownDuplicates(archive, batch)
    const stale = await keysUnder(archive, archiveKeys.quarantineOf(batch.at))
    const index = new KeyIndexBuilder()
    const first = batch.checkpoint.progress.chunk
    if (first === 0) await begin(batch, duplicates.size)

    for (let chunk = first; chunk < batch.chunks; chunk += 1) {
      const records = await readExtracted(ports, batch, chunk)
      const result = transformChunk(records, mapper, duplicates)
      const quarantineKey = archiveKeys.quarantine(batch.at, chunk)
      await writeTransformed(ports, batch, chunk, result.lines)
      if (result.quarantine.length > 0 || stale.has(quarantineKey)) {
        await archive.put(quarantineKey, await packLines(result.quarantine))
      }
      for (const { key, ordinal, isDuplicate } of result.keys) {
        index.add({ digest: keyDigest(segment.target.at, key), ordinal, excluded: isDuplicate })
      }
      const { checkpoint } = batch
      await batch.advance({
        ...checkpoint,
        progress: { chunk: chunk + 1 },
        ledger: addLedgers(checkpoint.ledger, result.ledger),
        mapped: addDigests(checkpoint.mapped, result.digest),
      })
      metrics.count('RecordsMapped', result.ledger.mapped)
      metrics.count('RecordsFiltered', total(result.ledger.filtered))
      metrics.count('RecordsQuarantined', total(result.ledger.quarantined))
      if (chunk + 1 < batch.chunks && batch.mustPause()) return false
    }
    await finish(ports, batch, index, first)
    return true
  })
}

async function begin(batch: ClaimedBatch, duplicates: number): Promise<void> {
  const { reconciliation: _earlier, ...checkpoint } = batch.checkpoint
  const ledger = { ...emptyLedger, extracted: checkpoint.ledger.extracted }
  await batch.save({ ...checkpoint, ledger, mapped: emptyDigest, duplicates })
}

async function finish(
  ports: TransformPorts,
  batch: ClaimedBatch,
  index: KeyIndexBuilder,
  first: number,
): Promise<void> {
  const { segment, archive } = ports
  const wrong = imbalance(batch.checkpoint.ledger, false)
  if (wrong) throw ledgerMismatch(`batch ${batch.at.batch} after transform: ${wrong}`)
  // Keys of the chunks that earlier attempts have finished.
  for (let chunk = 0; chunk < first; chunk += 1) {
    for (const { ordinal, after, isDuplicate } of await readTransformed(ports, batch, chunk)) {
      index.add({
        digest: keyDigest(segment.target.at, keyOf(segment, after)),
        ordinal,
        excluded: isDuplicate,
      })
    }
  }
  await archive.put(archiveKeys.keyIndex(batch.at), index.encode(batch.partitions))
  await batch.save({ ...batch.checkpoint, state: 'transformed', progress: { chunk: 0 } })
}
