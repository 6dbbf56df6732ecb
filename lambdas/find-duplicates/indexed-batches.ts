import type { PartitionStep } from '../shared/contract/payloads.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { batchList, indexRuns, type BatchListing } from '../shared/domain/manifest.ts'
import { readJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'

/** A batch whose keys are in the index, and in how many partitions and runs they are stored. */
export interface IndexedBatch {
  readonly at: {
    readonly migration: string
    readonly segment: string
    readonly manifest: string
    readonly batch: string
  }
  readonly partitions: number
  readonly runs: number
}

/** All batches of the given segments that have a manifest; `partitions` is how the asking segment counts. */
export async function indexedBatches(
  step: PartitionStep,
  segments: readonly Segment[],
  archive: ObjectStore,
  runs: RunStore,
): Promise<{ own: IndexedBatch[]; others: IndexedBatch[]; partitions: number }> {
  const { migration } = step.run
  const found = { own: [] as IndexedBatch[], others: [] as IndexedBatch[], partitions: 1 }
  for (const { name } of segments) {
    const header = await runs.manifest(migration, name)
    if (!header) continue
    const { partitions, chunkRecords } = header
    if (name === step.segment) found.partitions = partitions
    const at = { migration, segment: name, manifest: header.id }
    const indexed = ({ batch, records }: BatchListing): IndexedBatch => ({
      at: { ...at, batch },
      partitions,
      runs: indexRuns(records, chunkRecords),
    })
    const list = await readJson(archive, archiveKeys.batchList(at), batchList)
    found[name === step.segment ? 'own' : 'others'].push(...list.map(indexed))
  }
  return found
}
