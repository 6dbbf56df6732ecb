import pMap from 'p-map'
import { LockgateError } from '../shared/contract/errors.ts'
import type { StageRef } from '../shared/contract/payloads.ts'
import { chunkCount, type ManifestBatch, type ManifestHeader } from '../shared/domain/manifest.ts'
import type { Slice, SourceObject } from '../shared/domain/manifest.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { rangeScan } from '../shared/domain/slicing/range-scan.ts'
import { resolve, type Resolved } from '../shared/domain/slicing/resolve.ts'
import { scanRanges } from '../shared/domain/slicing/scan-ranges.ts'
import { listingDigest } from '../shared/domain/source-change.ts'
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
 * and none is ever cut anew. @throws SourceEmpty, UnterminatedQuote, InvalidDefinition.
 */
export async function freezeManifest(
  ref: StageRef & { readonly survey: string },
  { archive, runs }: FreezeManifestPorts,
): Promise<{ batches: number; records: number }> {
  const { migration, lockToken, fingerprint } = ref.run
  await runs.requireLock(migration, lockToken)
  const at = { migration, segment: ref.segment, manifest: ref.survey }
  const survey = await readJson(archive, archiveKeys.survey(at), surveySchema)

  const slicesOf = async (object: SourceObject, index: number): Promise<Slice[]> => {
    const keys = scanRanges(object).map(({ start }) => archiveKeys.rangeScan(at, index, start))
    const scans = await pMap(keys, (key) => readJson(archive, key, rangeScan), { concurrency })
    const { slices, open } = resolve(object, scans, survey.batchBytes)
    if (open) throw unterminated(object, open)
    for (const slice of slices) requireFewChunks(slice, survey.chunkRecords)
    return slices
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
  const listing = batches.map(({ batch, slice }) => ({
    ...{ batch, object: slice.object.key, records: slice.records },
  }))
  await writeJson(archive, archiveKeys.batchList(at), listing)
  const header: ManifestHeader = {
    id: ref.survey,
    segment: ref.segment,
    source: listingDigest(survey.objects),
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

/** What follows an open quote cannot be told from its field, so that nothing of the object is taken on trust. */
function unterminated({ key }: SourceObject, { line, byte }: NonNullable<Resolved['open']>): LockgateError {
  return new LockgateError(
    'UnterminatedQuote',
    `${key}: a quote in the record at line ${line}, byte ${byte} is still open where the object ends. Close the quote, ` +
      'export again what was cut off, or name a quote in the definition that cannot occur',
  )
}

/** A checkpoint records the hash of each chunk's images, and DynamoDB takes 400 KB an item. */
const mostChunks = 4_500

function requireFewChunks({ object, records }: Slice, chunkRecords: number): void {
  const chunks = chunkCount(records, chunkRecords)
  if (chunks <= mostChunks) return
  throw new LockgateError(
    'InvalidDefinition',
    `a batch of ${object.key} would have ${chunks} chunks, and a checkpoint can record ${mostChunks}: raise ` +
      'slicing.chunkRecords, or lower slicing.batchBytes',
  )
}
