import type { BatchStep, StepResult } from '../shared/contract/payloads.ts'
import { runBatchStep, type ClaimedBatch } from '../shared/batch/batch-step.ts'
import { keysUnder } from '../shared/batch/staged-chunks.ts'
import type { Difference } from '../shared/domain/evidence.ts'
import { imbalance, ledgerMismatch } from '../shared/domain/ledger.ts'
import { maskedFields } from '../shared/domain/mapping/owned-fields.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { shownKey } from '../shared/domain/shown.ts'
import { writeJson } from '../shared/ports/json-objects.ts'
import { durableImages } from './durable-images.ts'
import type { LoadPorts } from './load-ports.ts'
import { writeImages, type WrittenChunk } from './write-images.ts'

/**
 * Writes a batch to the target, chunk by chunk, in the order of effects that makes every write undoable: images
 * read, undo chunk durable, its hash in the checkpoint, records written on condition, progress. @throws
 * StagedObjectMissing, and what a batch step throws.
 */
export async function load(input: BatchStep, ports: LoadPorts): Promise<StepResult> {
  return runBatchStep('load', input, ports, async (batch) => {
    if (batch.checkpoint.state === 'transformed') await begin(batch)
    const stale = await keysUnder(ports.archive, archiveKeys.conflictsOf(batch.at))

    for (let { chunk } = batch.checkpoint.progress; chunk < batch.chunks; chunk += 1) {
      const chunkImages = await durableImages(ports, batch, chunk)
      if (chunkImages.hash !== undefined && batch.checkpoint.undo[chunk] !== chunkImages.hash) {
        const undo = { ...batch.checkpoint.undo, [chunk]: chunkImages.hash }
        await batch.save({ ...batch.checkpoint, undo })
      }
      const written = await writeImages(ports.target, chunkImages, ports.deadline.signal)
      await reportConflicts(ports, batch, chunk, written, stale)
      await record(ports, batch, chunk, written)
      if (chunk + 1 < batch.chunks && batch.mustPause()) return false
    }
    const wrong = imbalance(batch.checkpoint.ledger, true)
    if (wrong) throw ledgerMismatch(`batch ${batch.at.batch} after load: ${wrong}`)
    await batch.save({ ...batch.checkpoint, state: 'loaded', progress: { chunk: 0 } })
    return true
  })
}

/** From here on a write to the target can have happened, and another definition is refused. */
async function begin(batch: ClaimedBatch): Promise<void> {
  const { reconciliation: _rehearsed, ...checkpoint } = batch.checkpoint
  const ledger = { ...checkpoint.ledger, loaded: 0, unchanged: 0, conflicted: 0 }
  await batch.save({ ...checkpoint, state: 'loading', progress: { chunk: 0 }, ledger })
}

async function reportConflicts(
  { archive, segment }: LoadPorts,
  { at }: ClaimedBatch,
  chunk: number,
  { conflicts }: WrittenChunk,
  stale: ReadonlySet<string>,
): Promise<void> {
  const key = archiveKeys.conflicts(at, chunk)
  if (conflicts.length === 0 && !stale.has(key)) return
  const hidden = maskedFields(segment)
  await writeJson(
    archive,
    key,
    conflicts.map((image): Difference => ({ kind: 'conflicted', key: shownKey(image.key, hidden) })),
  )
}

async function record(
  { metrics }: LoadPorts,
  batch: ClaimedBatch,
  chunk: number,
  { loaded, unchanged, conflicts }: WrittenChunk,
): Promise<void> {
  const { checkpoint } = batch
  const ledger = {
    ...checkpoint.ledger,
    loaded: checkpoint.ledger.loaded + loaded,
    unchanged: checkpoint.ledger.unchanged + unchanged,
    conflicted: checkpoint.ledger.conflicted + conflicts.length,
  }
  await batch.advance({ ...checkpoint, progress: { chunk: chunk + 1 }, ledger })
  metrics.count('RecordsLoaded', loaded)
  metrics.count('RecordsUnchanged', unchanged)
  metrics.count('RecordsConflicted', conflicts.length)
}
