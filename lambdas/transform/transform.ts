import type { BatchStep, StepResult } from '../shared/contract/payloads.ts'
import { runBatchStep, type BatchPorts, type ClaimedBatch } from '../shared/batch/batch-step.ts'
import { keysUnder, readExtracted, writeTransformed } from '../shared/batch/staged-chunks.ts'
import { knownDuplicates } from '../shared/batch/known-duplicates.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { addDigests, emptyDigest } from '../shared/domain/digest.ts'
import { packLines } from '../shared/domain/frames.ts'
import { addLedgers, emptyLedger, imbalance, ledgerMismatch, total } from '../shared/domain/ledger.ts'
import { hashesFields } from '../shared/domain/mapping/owned-fields.ts'
import { recordMapper } from '../shared/domain/mapping/record-mapper.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import type { PiiHasher } from '../shared/ports/pii-hasher.ts'
import { IndexRuns } from './index-runs.ts'
import { ProfileRuns } from './profile-runs.ts'
import { transformChunk } from './transform-chunk.ts'

export interface TransformPorts extends BatchPorts {
  readonly segment: Segment
  readonly hasher: PiiHasher
}

/**
 * Maps the staged records of a batch, keeps back what breaks a contract, and writes the index of its target
 * keys and the profile of its source. @throws InvalidDefinition, StagedObjectMissing, and what a batch step throws.
 */
export async function transform(input: BatchStep, ports: TransformPorts): Promise<StepResult> {
  return runBatchStep('transform', input, ports, async (batch) => {
    const { segment, hasher, archive, metrics } = ports
    const mapper = recordMapper(segment, hashesFields(segment) ? await hasher.prepare() : undefined)
    const duplicates = await knownDuplicates(archive, batch)
    const stale = await keysUnder(archive, archiveKeys.quarantineOf(batch.at))
    const first = batch.checkpoint.progress.chunk
    if (first === 0) await begin(batch, duplicates.size)
    const index = await IndexRuns.before(first, ports, batch)
    const profile = await ProfileRuns.before(first, ports, batch, input.loads ? 'load' : 'rehearse')

    for (let chunk = first; chunk < batch.chunks; chunk += 1) {
      const records = await readExtracted(ports, batch, chunk)
      const result = transformChunk(records, mapper, duplicates, profile.current)
      const quarantineKey = archiveKeys.quarantine(batch.at, chunk)
      await writeTransformed(ports, batch, chunk, result.lines)
      if (result.quarantine.length > 0 || stale.has(quarantineKey)) {
        await archive.put(quarantineKey, await packLines(result.quarantine))
      }
      await index.addChunk(chunk, result.keys)
      await profile.endChunk(chunk)
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
    await finish(batch)
    return true
  })
}

async function begin(batch: ClaimedBatch, duplicates: number): Promise<void> {
  const { reconciliation: _earlier, ...checkpoint } = batch.checkpoint
  const ledger = { ...emptyLedger, extracted: checkpoint.ledger.extracted }
  await batch.save({ ...checkpoint, ledger, mapped: emptyDigest, duplicates })
}

async function finish(batch: ClaimedBatch): Promise<void> {
  const wrong = imbalance(batch.checkpoint.ledger, false)
  if (wrong) throw ledgerMismatch(`batch ${batch.at.batch} after transform: ${wrong}`)
  await batch.save({ ...batch.checkpoint, state: 'transformed', progress: { chunk: 0 } })
}
