import { LockgateError } from '../shared/contract/errors.ts'
import type { Listing, StageRef, SurveyRange } from '../shared/contract/payloads.ts'
import { sha256 } from '../shared/domain/digest.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import type { SourceObject } from '../shared/domain/manifest.ts'
import { batchBytesFor, textBytes } from '../shared/domain/slicing/batch-bytes.ts'
import { scanRanges } from '../shared/domain/slicing/scan-ranges.ts'
import { chunkRecordsOf, type Survey } from '../shared/domain/survey.ts'
import { writeJson, writeJsonLines } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import type { Source } from '../shared/ports/source.ts'

export interface SurveySourcePorts {
  readonly segment: Segment
  readonly source: Source
  readonly archive: ObjectStore
  readonly runs: RunStore
}

/**
 * Lists and pins the objects of the source and cuts them into ranges that are scanned side by side.
 * @throws SourceMissing, SourceChanged when batches of an earlier state of the source are loaded.
 */
export async function surveySource(
  ref: StageRef & { readonly execution: string },
  { segment, source, archive, runs }: SurveySourcePorts,
): Promise<Listing & { survey: string }> {
  const { migration, lockToken } = ref.run
  await runs.joinLock(migration, lockToken, ref.execution)

  const objects = await source.list()
  const survey: Survey = {
    objects,
    batchBytes: batchBytesFor(textBytes(objects), segment.slicing.batchBytes),
    chunkRecords: chunkRecordsOf(segment.slicing),
  }
  const id = sha256(JSON.stringify(survey)).slice(0, 32)
  await refuseUnderLoadedBatches(ref, id, runs)

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
  { run, segment }: StageRef,
  id: string,
  runs: RunStore,
): Promise<void> {
  const frozen = await runs.manifest(run.migration, segment)
  if (!frozen || frozen.id === id) return
  const records = await runs.stages(run.migration)
  const loaded = records.find(
    (record) => record.segment === segment && record.stage !== 'rehearse' && record.manifest === frozen.id,
  )
  if (!loaded) return
  throw new LockgateError(
    'SourceChanged',
    `the source of ${segment} is not what it was when its stage ${loaded.stage} began to load. ` +
      'Put the planned objects back (same version or ETag)',
  )
}
