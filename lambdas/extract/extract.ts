import type { BatchStep, StepResult } from '../shared/contract/payloads.ts'
import { batchIdOf, runBatchStep, type BatchPorts } from '../shared/batch/batch-step.ts'
import { sourceChunks } from '../shared/batch/source-chunks.ts'
import { keysUnder, writeExtracted } from '../shared/batch/staged-chunks.ts'
import { chunkCount, manifestBatch } from '../shared/domain/manifest.ts'
import { archiveKeys, stagingKeys } from '../shared/domain/object-keys.ts'
import { readJson } from '../shared/ports/json-objects.ts'
import type { Source } from '../shared/ports/source.ts'

export interface ExtractPorts extends BatchPorts {
  readonly source: Source
}

/** Stages the records of a batch as the source has them. @throws SourceChanged, and what a batch step throws. */
export async function extract(input: BatchStep, ports: ExtractPorts): Promise<StepResult> {
  await planWhatExpired(input, ports)
  return runBatchStep('extract', input, ports, async (batch) => {
    const { clock, deadline, metrics, source } = ports
    const from = batch.checkpoint.progress
    for await (const { chunk, records, progress } of sourceChunks(source, batch, from, deadline.signal)) {
      await writeExtracted(ports, batch, chunk, records)
      metrics.count('RecordsExtracted', records.length)
      const { checkpoint } = batch
      const ledger = { ...checkpoint.ledger, extracted: chunk * batch.chunkRecords + records.length }
      const stagedAt = chunk === 0 ? clock.now() : (checkpoint.stagedAt ?? clock.now())
      await batch.advance({ ...checkpoint, progress, ledger, stagedAt })
      if (progress.chunk < batch.chunks && batch.mustPause()) return false
    }
    await batch.save({ ...batch.checkpoint, state: 'extracted', progress: { chunk: 0 } })
    return true
  })
}

/** A later stage begins here again: what its other steps need must still be staged, or be staged anew. */
async function planWhatExpired(input: BatchStep, ports: ExtractPorts): Promise<void> {
  const at = batchIdOf(input)
  const { run, loads } = input
  await ports.runs.requireLock(run.migration, run.lockToken)
  const found = await ports.checkpoints.get(at)
  if (!found || found.fingerprint !== run.fingerprint || found.lockToken > run.lockToken) return
  const isMapped = found.state === 'transformed' || found.state === 'loading'
  if (found.state !== 'extracted' && !(loads && isMapped)) return

  const header = await ports.runs.manifest(at.migration, at.segment)
  const { slice } = await readJson(ports.archive, archiveKeys.batch(at), manifestBatch)
  const chunks = chunkCount(slice.records, header?.chunkRecords ?? Infinity)
  const prefix = isMapped ? stagingKeys.transformedOf(at, found) : stagingKeys.extractedOf(at, found)
  const staged = await keysUnder(ports.staging, prefix)
  if (staged.size < chunks)
    await ports.checkpoints.sendBack({ ...at, to: 'planned', lockToken: run.lockToken })
}
