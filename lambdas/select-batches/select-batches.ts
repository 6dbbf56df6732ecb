import { LockgateError } from '../shared/contract/errors.ts'
import type { Selection, StageRef } from '../shared/contract/payloads.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { findStage } from '../shared/domain/definition/find.ts'
import { batchList, type ManifestHeader, type SourceObject } from '../shared/domain/manifest.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { batchesOfStage } from '../shared/domain/selection.ts'
import { readJson, writeJsonLines } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import type { Source } from '../shared/ports/source.ts'
import type { Target } from '../shared/ports/target.ts'

interface SelectBatchesPorts {
  readonly segment: Segment
  readonly source: Source
  readonly target: Target
  readonly archive: ObjectStore
  readonly runs: RunStore
}

const recordsPerScanPart = 2_000_000

/**
 * Takes the batches of this stage from the frozen manifest, after a look at both ends: the target is there
 * with the right key, and the source is what was planned. @throws TargetMissing, SourceChanged.
 */
export async function selectBatches(
  ref: StageRef & { readonly execution: string },
  { segment, source, target, archive, runs }: SelectBatchesPorts,
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
  await requireUnchanged(ref, manifest, await source.list(), runs)

  const at = { migration, segment: segment.name, manifest: manifest.id }
  const all = await readJson(archive, archiveKeys.batchList(at), batchList)
  const batches = batchesOfStage(segment.stages, findStage(segment, ref.stage), manifest.id, all)
  const key = archiveKeys.stageManifest(at, ref.stage)
  await writeJsonLines(
    archive,
    key,
    batches.map((batch) => ({ batch })),
  )
  const record = await runs.stage(migration, segment.name, ref.stage)
  if (record) await runs.saveStage(migration, { ...record, manifest: manifest.id, lockToken })
  return {
    bucket: archive.bucket,
    key,
    count: batches.length,
    manifest: manifest.id,
    partitions: manifest.partitions,
    scanParts: Math.min(40, Math.ceil(manifest.records / recordsPerScanPart)),
  }
}

const pins = (objects: readonly SourceObject[]) =>
  objects.map(({ key, version, etag }) => `${key} ${version ?? etag}`)

async function requireUnchanged(
  { run, segment }: StageRef,
  manifest: ManifestHeader,
  now: readonly SourceObject[],
  runs: RunStore,
): Promise<void> {
  const planned = new Set(pins(manifest.objects))
  const found = new Set(pins(now))
  const changed = [...planned.symmetricDifference(found)]
  if (changed.length === 0) return
  const records = await runs.stages(run.migration)
  const own = records.filter((record) => record.segment === segment)
  const loading = own.some((record) => record.stage !== 'rehearse' && record.manifest === manifest.id)
  const rehearsal = own.find((record) => record.stage === 'rehearse')
  // With nothing loaded yet, a new rehearsal is all it takes; the record is what holds it back.
  if (!loading && rehearsal) {
    await runs.saveStage(run.migration, { ...rehearsal, status: 'running', lockToken: run.lockToken })
  }
  const remedy = loading
    ? 'Batches of the planned source are loaded: put the planned objects back (same version or ETag)'
    : 'Nothing is loaded yet: start the migration again, and it is rehearsed on the new source'
  throw new LockgateError(
    'SourceChanged',
    `${changed.slice(0, 3).join('; ')} of ${segment} changed. ${remedy}`,
  )
}
