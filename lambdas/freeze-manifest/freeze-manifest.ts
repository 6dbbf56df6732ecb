import pMap from 'p-map'
import { LockgateError } from '../shared/contract/errors.ts'
import type { StageRef } from '../shared/contract/payloads.ts'
import type { ManifestBatch, ManifestHeader, Slice, SourceObject } from '../shared/domain/manifest.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { rangeScan } from '../shared/domain/slicing/range-scan.ts'
import { resolve } from '../shared/domain/slicing/resolve.ts'
import { scanRanges } from '../shared/domain/slicing/scan-ranges.ts'
import { partitionsFor, surveySchema } from '../shared/domain/survey.ts'
import { readJson, writeJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'

interface FreezeManifestPorts {
  readonly archive: ObjectStore
  readonly runs: RunStore
}

/** Requests at once; enough to write the batches of a billion records in a minute. */
const concurrency = 48

/**
 * Joins the scans of all ranges into batches, and freezes them: later stages take batches of this manifest,
 * and none is ever cut anew. @throws SourceEmpty when there is no record.
 */
export async function freezeManifest(
  ref: StageRef & { readonly survey: string },
  { archive, runs }: FreezeManifestPorts,
): Promise<{ batches: number; records: number }> {
  const { migration, lockToken, fingerprint } = ref.run
  const at = { migration, segment: ref.segment, manifest: ref.survey }
  const survey = await readJson(archive, archiveKeys.survey(at), surveySchema)

  const slicesOf = async (object: SourceObject, index: number): Promise<Slice[]> => {
    const keys = scanRanges(object).map(({ start }) => archiveKeys.rangeScan(at, index, start))
    const scans = await pMap(keys, (key) => readJson(archive, key, rangeScan), { concurrency })
    return resolve(object, scans, survey.batchBytes)
  }
  const slices = (await pMap(survey.objects, slicesOf, { concurrency: 4 })).flat()
  const records = slices.reduce((sum, slice) => sum + slice.records, 0)
  if (records === 0) {
    const names = survey.objects.map(({ key }) => key).slice(0, 5)
    throw new LockgateError('SourceEmpty', `segment ${ref.segment} has no record in ${names.join(', ')}`)
  }

  const batches = slices.map((slice, i): ManifestBatch => ({ batch: String(i + 1).padStart(6, '0'), slice }))
  await pMap(
    batches,
    (batch) => writeJson(archive, archiveKeys.batch({ ...at, batch: batch.batch }), batch),
    {
      concurrency,
    },
  )
  const listing = batches.map(({ batch, slice }) => ({ batch, object: slice.object.key }))
  await writeJson(archive, archiveKeys.batchList(at), listing)
  const header: ManifestHeader = {
    id: ref.survey,
    segment: ref.segment,
    objects: survey.objects,
    batches: batches.length,
    records,
    bytes: slices.reduce((sum, { start, end }) => sum + end - start, 0),
    chunkRecords: survey.chunkRecords,
    partitions: partitionsFor(records),
    fingerprint,
  }
  await runs.saveManifest(migration, header, lockToken)
  return { batches: batches.length, records }
}
