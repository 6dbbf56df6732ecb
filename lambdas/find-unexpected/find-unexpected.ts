import pMap from 'p-map'
import { LockgateError } from '../shared/contract/errors.ts'
import type { PartitionStep } from '../shared/contract/payloads.ts'
import { decodeFields } from '../shared/domain/canonical.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { DigestSet } from '../shared/domain/digest-set.ts'
import { unpackLines } from '../shared/domain/frames.ts'
import type { KeyEntry } from '../shared/domain/key-index.ts'
import { batchList, indexRuns } from '../shared/domain/manifest.ts'
import { classifiedFields } from '../shared/domain/mapping/owned-fields.ts'
import { archiveKeys, stagingKeys } from '../shared/domain/object-keys.ts'
import { shownKey } from '../shared/domain/shown.ts'
import type { WholeTargetPart } from '../shared/domain/whole-target.ts'
import { readJson, writeJson } from '../shared/ports/json-objects.ts'
import { readKeyPartition } from '../shared/ports/key-index-objects.ts'
import type { ObjectStore } from '../shared/ports/object-store.ts'
import type { RunStore } from '../shared/ports/run-store.ts'

interface FindUnexpectedPorts {
  readonly segment: Pick<Segment, 'map'>
  readonly archive: ObjectStore
  readonly staging: ObjectStore
  readonly runs: RunStore
}

/** While it is being counted. */
type Found = { -readonly [K in keyof WholeTargetPart]: WholeTargetPart[K] }

const concurrency = 16
const maxExamples = 20

/** Compares one partition of the keys that the scan of the target found with those that the source explains. */
export async function findUnexpected(step: PartitionStep, ports: FindUnexpectedPorts): Promise<void> {
  const { run, segment, manifest, partition } = step
  const { archive, staging, runs } = ports
  await runs.requireLock(run.migration, run.lockToken)
  const header = await runs.manifest(run.migration, segment)
  if (!header) throw new LockgateError('SourceMissing', `segment ${segment} has no manifest`)
  const { partitions } = header
  const at = { migration: run.migration, segment, manifest }
  const read = (store: ObjectStore, key: string) =>
    readKeyPartition(store, key, { partition, partitions }, partitions)

  const explained = new DigestSet()
  const list = await readJson(archive, archiveKeys.batchList(at), batchList)
  const indexKeys = list.flatMap(({ batch, records }) =>
    Array.from({ length: indexRuns(records, header.chunkRecords) }, (_, run) =>
      archiveKeys.keyIndex({ ...at, batch }, run),
    ),
  )
  await pMap(
    indexKeys,
    async (key) => {
      for (const { digest, excluded } of await read(archive, key)) if (!excluded) explained.add(digest)
    },
    { concurrency },
  )

  const hidden = classifiedFields(ports.segment)
  const result: Found = { counted: 0, explained: 0, examples: [] }
  for await (const key of staging.list(stagingKeys.scansOf(at, run.id))) {
    if (!key.endsWith('.keys')) continue
    const wanted: KeyEntry[] = []
    for (const entry of await read(staging, key)) {
      result.counted += 1
      if (explained.numberOf(entry.digest) !== undefined) result.explained += 1
      else if (result.examples.length + wanted.length < maxExamples) wanted.push(entry)
    }
    if (wanted.length > 0) result.examples.push(...(await keysAt(staging, key, wanted, hidden)))
  }
  await writeJson(archive, archiveKeys.wholeTarget(at, run.id, partition), result)
}

async function keysAt(
  staging: ObjectStore,
  indexKey: string,
  entries: readonly { readonly ordinal: number }[],
  hidden: ReadonlySet<string>,
): Promise<string[]> {
  const content = await staging.get(indexKey.replace(/\.keys$/, '.jsonl.zst'))
  const lines = content ? [...(await unpackLines(content, String))] : []
  return entries
    .flatMap(({ ordinal }) => lines[ordinal] ?? [])
    .map((line) => shownKey(decodeFields(line), hidden))
}
