import { isAnyLoaded } from '../shared/batch/loaded-batches.ts'
import { LockgateError } from '../shared/contract/errors.ts'
import type { Listing, StageRef, SurveyRange } from '../shared/contract/payloads.ts'
import { sha256 } from '../shared/domain/digest.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import type { SourceObject } from '../shared/domain/manifest.ts'
import { batchBytesFor, textBytes } from '../shared/domain/slicing/batch-bytes.ts'
import { scanRanges } from '../shared/domain/slicing/scan-ranges.ts'
import { listingDigest, sourceChanged, sourceChanges } from '../shared/domain/source-change.ts'
import { chunkRecordsOf, surveySchema, type Survey } from '../shared/domain/survey.ts'
import type { CheckpointStore } from '../shared/ports/checkpoint-store.ts'
import { readJson, writeJson, writeJsonLines } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import type { Source } from '../shared/ports/source.ts'

export interface SurveySourcePorts {
  readonly segment: Segment
  readonly source: Source
  readonly archive: ObjectStore
  readonly runs: RunStore
  readonly checkpoints: CheckpointStore
}

/**
 * Lists and pins the objects of the source and cuts them into ranges that are scanned side by side.
 * @throws what listing the source throws; SourceChanged, MappingChanged when batches of another plan are loaded.
 */
export async function surveySource(
  ref: StageRef & { readonly execution: string },
  ports: SurveySourcePorts,
): Promise<Listing & { survey: string }> {
  const { segment, source, archive, runs } = ports
  const { migration, lockToken } = ref.run
  await runs.joinLock(migration, lockToken, ref.execution)

  const objects = await source.list()
  const survey: Survey = {
    objects,
    batchBytes: batchBytesFor(textBytes(objects), segment.slicing.batchBytes),
    chunkRecords: chunkRecordsOf(segment.slicing),
  }
  const id = sha256(JSON.stringify(survey)).slice(0, 32)
  await refuseUnderLoadedBatches(ref, id, objects, ports)

  const at = { migration, segment: segment.name, manifest: id }
  const ranges = rangesOf(objects)
  const key = archiveKeys.surveyRanges(at)
  await writeJson(archive, archiveKeys.survey(at), survey)
  await writeJsonLines(archive, key, ranges)
  return { bucket: archive.bucket, key, count: ranges.length, survey: id }
}

function rangesOf(objects: readonly SourceObject[]): SurveyRange[] {
  return objects.flatMap((object, index) => scanRanges(object).map((range) => ({ object: index, ...range })))
}

/** A batch keeps its identity once anything of the segment may have been loaded. */
async function refuseUnderLoadedBatches(
  { run: { migration, fingerprint }, segment }: StageRef,
  id: string,
  objects: readonly SourceObject[],
  { archive, runs, checkpoints }: SurveySourcePorts,
): Promise<void> {
  const frozen = await runs.manifest(migration, segment)
  if (!frozen || frozen.id === id) return
  const at = { migration, segment, manifest: frozen.id }
  if (!(await isAnyLoaded(checkpoints, at))) return
  if (frozen.fingerprint !== fingerprint || frozen.source === listingDigest(objects)) {
    throw new LockgateError(
      'MappingChanged',
      `batches of ${segment} are loaded, and its source would now be found or cut otherwise than they were planned: ` +
        'deploy the earlier definition again to finish its rollout; in a bucket with versions, delete the newer ones',
    )
  }
  const planned = await readJson(archive, archiveKeys.survey(at), surveySchema)
  throw sourceChanged(segment, sourceChanges(planned.objects, objects), true)
}
