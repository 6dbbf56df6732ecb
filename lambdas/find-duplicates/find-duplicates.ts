import pMap from 'p-map'
import { isRefusal } from '../shared/contract/errors.ts'
import type { PartitionStep } from '../shared/contract/payloads.ts'
import { findMigration, findSegment } from '../shared/domain/definition/find.ts'
import type { Migration } from '../shared/domain/definition/migration.ts'
import type { DuplicateOrdinals } from '../shared/domain/duplicates.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import type { CheckpointStore } from '../shared/ports/checkpoint-store.ts'
import { writeJson } from '../shared/ports/json-objects.ts'
import { readKeyPartition } from '../shared/ports/key-index-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import { indexedBatches, type IndexedBatch } from './indexed-batches.ts'
import { RepeatedKeys, type Occurrence } from './repeated-keys.ts'

export interface FindDuplicatesPorts {
  readonly migrations: readonly Migration[]
  readonly archive: ObjectStore
  readonly runs: RunStore
  readonly checkpoints: CheckpointStore
}

const concurrency = 16

/**
 * Merges one partition of the key index of every segment that shares the target. Batches in which a key turns
 * out to occur elsewhere as well are sent back to transform, which leaves the record out. Answers how many of them
 * belong to this segment.
 */
export async function findDuplicates(
  step: PartitionStep,
  { migrations, archive, runs, checkpoints }: FindDuplicatesPorts,
): Promise<{ affected: number }> {
  const { run, partition } = step
  await runs.requireLock(run.migration, run.lockToken)
  const { target } = findSegment(migrations, run.migration, step.segment)
  const sharing = findMigration(migrations, run.migration).segments.filter(
    (one) => one.target.at === target.at,
  )
  const { own, others, partitions } = await indexedBatches(step, sharing, archive, runs)

  const wanted = { partition, partitions }
  const keys = new RepeatedKeys()
  const eachRun = (batches: readonly IndexedBatch[], use: 'addOwn' | 'compareOther') =>
    pMap(
      batches,
      async (batch) => {
        for (let run = 0; run < batch.runs; run += 1) {
          const key = archiveKeys.keyIndex(batch.at, run)
          keys[use](batch, await readKeyPartition(archive, key, wanted, batch.partitions))
        }
      },
      { concurrency },
    )
  await eachRun(own, 'addOwn')
  await eachRun(others, 'compareOther')

  const sent = await pMap(keys.byBatch(), ([batch, found]) => sendBack(batch, found), { concurrency })
  return { affected: sent.filter(Boolean).length }

  async function sendBack({ at }: IndexedBatch, found: readonly Occurrence[]): Promise<boolean> {
    if (found.every(({ excluded }) => excluded)) return false
    const ordinals = found.map(({ ordinal }) => ordinal).toSorted((a, b) => a - b)
    const content: DuplicateOrdinals = { fingerprint: run.fingerprint, ordinals }
    await writeJson(archive, archiveKeys.duplicates(at, partition), content)
    try {
      const request = {
        ...at,
        to: 'extracted',
        lockToken: run.lockToken,
        duplicates: ordinals.length,
      } as const
      await checkpoints.sendBack(request)
      // Another segment's batch is transformed anew in its own next stage, not in this one: not to be waited for.
      return at.segment === step.segment
    } catch (error) {
      // Loaded already, by an earlier rollout of its segment: it stays, and only the newcomer is left out.
      if (isRefusal(error, 'NotEligible')) return false
      throw error
    }
  }
}
