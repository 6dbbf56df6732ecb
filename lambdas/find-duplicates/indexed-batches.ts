import type { PartitionStep } from '../shared/contract/payloads.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { batchList } from '../shared/domain/manifest.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import { readJson } from '../shared/ports/json-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'

/** A batch whose keys are in the index, and in how many partitions they are stored. */
export interface IndexedBatch {
  readonly at: {
    readonly migration: string
    readonly segment: string
    readonly manifest: string
    readonly batch: string
  }
  readonly partitions: number
}

/** All batches of the given segments that have a manifest; `partitions` is how the asking segment counts. */
export async function indexedBatches(
  step: PartitionStep,
  segments: readonly Segment[],
  archive: ObjectStore,
  runs: RunStore,
): Promise<{ batches: IndexedBatch[]; partitions: number }> {
  const { migration } = step.run
  const batches: IndexedBatch[] = []
  let partitions = 1
  for (const segment of segments) {
    const header = await runs.manifest(migration, segment.name)
    if (!header) continue
    if (segment.name === step.segment) partitions = header.partitions
    const at = { migration, segment: segment.name, manifest: header.id }
    const list = await readJson(archive, archiveKeys.batchList(at), batchList)
    batches.push(...list.map(({ batch }) => ({ at: { ...at, batch }, partitions: header.partitions })))
  }
  return { batches, partitions }
}
