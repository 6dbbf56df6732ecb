import pMap from 'p-map'
import { indexRuns } from '../shared/domain/manifest.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { partProfile, type PartProfile } from '../shared/domain/profile/profile.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'

export interface ProfiledBatch {
  readonly batch: string
  /** As planned. */
  readonly records: number
  /** Duplicates that were known when it was mapped for the last time. */
  readonly duplicates: number
}

interface At {
  readonly migration: string
  readonly segment: string
  readonly manifest: string
  readonly fingerprint: string
  readonly chunkRecords: number
}

interface BatchProfiles {
  readonly batch: ProfiledBatch
  /** As rehearse saw it. */
  readonly rehearsed: readonly PartProfile[]
  /** As it was read anew in a stage that loads. */
  readonly anew: readonly PartProfile[]
}

/** Batches whose profiles are in memory at once. */
const atOnce = 16

/** The profiles of batches, in their order; none of a batch that was not mapped to its end. */
export async function* batchProfiles(
  archive: ObjectStore,
  at: At,
  batches: readonly ProfiledBatch[],
): AsyncGenerator<BatchProfiles> {
  const read = async (batch: ProfiledBatch, pass: 'rehearse' | 'load'): Promise<PartProfile[]> => {
    const parts: PartProfile[] = []
    const runs = indexRuns(batch.records, at.chunkRecords)
    for (let run = 0; run < runs; run += 1) {
      const origin = { fingerprint: at.fingerprint, duplicates: batch.duplicates }
      const content = await archive.get(archiveKeys.profile({ ...at, batch: batch.batch }, origin, pass, run))
      if (!content) return []
      parts.push(partProfile.parse(JSON.parse(Buffer.from(content).toString('utf8'))))
    }
    return parts
  }
  for (let from = 0; from < batches.length; from += atOnce) {
    yield* await pMap(
      batches.slice(from, from + atOnce),
      async (batch) => ({
        batch,
        rehearsed: await read(batch, 'rehearse'),
        anew: await read(batch, 'load'),
      }),
      { concurrency: atOnce },
    )
  }
}
