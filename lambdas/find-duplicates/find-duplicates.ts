import pMap from 'p-map'
import { isRefusal } from '../shared/contract/errors.ts'
import type { PartitionStep } from '../shared/contract/payloads.ts'
import { findMigration, findSegment } from '../shared/domain/definition/find.ts'
import type { Migration } from '../shared/domain/definition/migration.ts'
import type { DuplicateOrdinals } from '../shared/domain/duplicates.ts'
import type { KeyEntry } from '../shared/domain/key-index.ts'
import { archiveKeys } from '../shared/domain/object-keys.ts'
import type { CheckpointStore } from '../shared/ports/checkpoint-store.ts'
import { writeJson } from '../shared/ports/json-objects.ts'
import { readKeyPartition } from '../shared/ports/key-index-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'
import { indexedBatches, type IndexedBatch } from './indexed-batches.ts'
import { RepeatedKeys } from './repeated-keys.ts'

export interface FindDuplicatesPorts {
  readonly migrations: readonly Migration[]
  readonly archive: ObjectStore
  readonly runs: RunStore
  readonly checkpoints: CheckpointStore
}

const concurrency = 16
/** Ordinals of so many runs of 131,072 records are held at once, or those of one batch, if it has more. */
const runsAtOnce = 8

/**
 * Merges one partition of the key index of every segment that shares the target. Batches in which a key turns
 * out to occur elsewhere as well are read once more, for the ordinals of such keys, and sent back to transform, which
 * leaves the records out. Answers how many of them belong to this segment.
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

  const keys = new RepeatedKeys()
  await pMap(own, (batch) => eachRun(batch, (entries) => keys.addOwn(batch, entries)), { concurrency })
  await pMap(others, (batch) => eachRun(batch, (entries) => keys.compareOther(batch, entries)), {
    concurrency,
  })

  const found = keys.batches
  const most = found.reduce((most, { runs }) => Math.max(most, runs), 1)
  const sent = await pMap(found, sendBack, { concurrency: Math.max(1, Math.floor(runsAtOnce / most)) })
  return { affected: sent.filter(Boolean).length }

  async function eachRun(batch: IndexedBatch, use: (entries: Iterable<KeyEntry>) => void): Promise<void> {
    for (let run = 0; run < batch.runs; run += 1) {
      const key = archiveKeys.keyIndex(batch.at, run)
      use(await readKeyPartition(archive, key, { partition, partitions }, batch.partitions))
    }
  }

  async function sendBack(batch: IndexedBatch): Promise<boolean> {
    const { at } = batch
    const ordinals: number[] = []
    let isKnown = true
    await eachRun(batch, (entries) => {
      for (const { digest, ordinal, excluded } of entries) {
        if (!keys.has(digest)) continue
        ordinals.push(ordinal)
        isKnown &&= excluded
      }
    })
    if (isKnown) return false
    ordinals.sort((a, b) => a - b)
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
