import pMap from 'p-map'
import { LockgateError } from '../shared/contract/errors.ts'
import type { PartitionStep } from '../shared/contract/payloads.ts'
import { decodeFields } from '../shared/domain/canonical.ts'
import type { Segment } from '../shared/domain/definition/segment.ts'
import { DigestSet } from '../shared/domain/digest-set.ts'
import { unpackLines } from '../shared/domain/frames.ts'
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

/** A key that nothing explains, by its place in the scan. */
interface Unexplained {
  readonly page: string
  readonly number: number
  readonly ordinal: number
}

/** While it is being counted. */
interface Found {
  counted: number
  explained: number
  first: readonly Unexplained[]
}

/**
 * Objects read at once, on either side: a billion records take 20,000 pages, two requests each, in every invocation.
 * Held of each is its share of the partition, which is less than the whole: some 1 MB for a page of 50,000 keys,
 * 2.6 MB for a run of 131,072, so that at most 16 or 42 MB are held.
 */
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

  const found: Found = { counted: 0, explained: 0, first: [] }
  await pMap(
    pagesOf(staging, stagingKeys.scansOf(at, run.id)),
    async (page, number) => {
      const here: Unexplained[] = []
      for (const { digest, ordinal } of await read(staging, page)) {
        found.counted += 1
        if (explained.numberOf(digest) !== undefined) found.explained += 1
        else if (here.length < maxExamples) here.push({ page, number, ordinal })
      }
      // Those of the first pages, whichever are read first: a retry shows the same.
      found.first = [...found.first, ...here].toSorted((a, b) => a.number - b.number).slice(0, maxExamples)
    },
    { concurrency },
  )
  const { counted, explained: known, first } = found
  const examples = await keysOf(staging, first, classifiedFields(ports.segment))
  const result: WholeTargetPart = { counted, explained: known, examples }
  await writeJson(archive, archiveKeys.wholeTarget(at, run.id, partition), result)
}

async function* pagesOf(staging: ObjectStore, prefix: string): AsyncGenerator<string> {
  for await (const key of staging.list(prefix)) if (key.endsWith('.keys')) yield key
}

/** The keys themselves lie beside the index of their page. One page is unpacked at a time. */
async function keysOf(
  staging: ObjectStore,
  entries: readonly Unexplained[],
  hidden: ReadonlySet<string>,
): Promise<string[]> {
  const keys: string[] = []
  for (const [page, own] of Map.groupBy(entries, ({ page }) => page)) {
    const content = await staging.get(page.replace(/\.keys$/, '.jsonl.zst'))
    const lines = content ? [...(await unpackLines(content, String))] : []
    const known = own.flatMap(({ ordinal }) => lines[ordinal] ?? [])
    keys.push(...known.map((line) => shownKey(decodeFields(line), hidden)))
  }
  return keys
}
