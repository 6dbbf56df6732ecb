import { LockgateError } from '../shared/contract/errors.ts'
import type { Selection, StageRef } from '../shared/contract/payloads.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { findStage } from '../shared/domain/definition/find.ts'
import { batchList } from '../shared/domain/manifest.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { batchesOfStage } from '../shared/domain/selection.ts'
import { readJson, writeJsonLines } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import type { Target } from '../shared/ports/target.ts'

interface SelectBatchesPorts {
  readonly segment: Segment
  readonly target: Target
  readonly archive: ObjectStore
  readonly runs: RunStore
}

const recordsPerScanPart = 2_000_000

/**
 * Takes the batches of this stage from the frozen manifest, after a look at the target: that it is there with the
 * right key. @throws TargetMissing, SourceMissing when nothing is planned.
 */
export async function selectBatches(
  ref: StageRef & { readonly execution: string },
  { segment, target, archive, runs }: SelectBatchesPorts,
): Promise<Selection> {
  const { migration, lockToken } = ref.run
  await runs.joinLock(migration, lockToken, ref.execution)
  await target.check()
  const manifest = await runs.manifest(migration, segment.name)
  if (!manifest) {
    throw new LockgateError(
      'SourceMissing',
      `segment ${segment.name} has no manifest; it has to go through rehearse`,
    )
  }
  const at = { migration, segment: segment.name, manifest: manifest.id }
  const all = await readJson(archive, archiveKeys.batchList(at), batchList)
  const batches = batchesOfStage(segment.stages, findStage(segment, ref.stage), manifest.id, all)
  const key = archiveKeys.stageManifest(at, ref.stage)
  await writeJsonLines(
    archive,
    key,
    batches.map((batch) => ({ batch })),
  )
  await runs.updateStage({ migration, segment: segment.name, stage: ref.stage }, lockToken, (record) =>
    record && record.manifest !== manifest.id ? { ...record, manifest: manifest.id } : undefined,
  )
  return {
    bucket: archive.bucket,
    key,
    count: batches.length,
    manifest: manifest.id,
    partitions: manifest.partitions,
    scanParts: Math.min(40, Math.ceil(manifest.records / recordsPerScanPart)),
  }
}
