import { expect, test } from 'vitest'
import { findUnexpected } from '../../../lambdas/find-unexpected/find-unexpected.ts'
import { encodeFields } from '../../../lambdas/shared/domain/canonical.ts'
import { keyDigest } from '../../../lambdas/shared/domain/digest.ts'
import { packLines } from '../../../lambdas/shared/domain/frames.ts'
import { KeyIndexBuilder } from '../../../lambdas/shared/domain/key-index.ts'
import { archiveKeys, stagingKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { wholeTargetPart } from '../../../lambdas/shared/domain/whole-target.ts'
import { readJson, writeJson } from '../../../lambdas/shared/ports/json-objects.ts'
import { BatchWorld, fingerprint, thingRows, thingsSegment } from '../../support/batch-world.ts'
import { FakeObjectStore } from '../../support/fake-object-store.ts'

/** Takes its time, most of all for the first page, and counts how many it has to answer at once. */
class SlowObjectStore extends FakeObjectStore {
  atOnce = 0
  most = 0

  override async get(...args: Parameters<FakeObjectStore['get']>): ReturnType<FakeObjectStore['get']> {
    this.most = Math.max(this.most, (this.atOnce += 1))
    await new Promise((resolve) => setTimeout(resolve, args[0].includes('/000000/000000') ? 20 : 1))
    this.atOnce -= 1
    return super.get(...args)
  }
}

const run = {
  ...{ id: 'run-1', executionArn: 'arn:run-1', startedBy: 'operator@example.com' },
  ...{ startedAt: '2026-01-01T00:00:00Z', migration: 'demo', fingerprint, lockToken: 1, concurrency: 1 },
}
const at = { migration: 'demo', segment: 'things', manifest: 'm1' }
const partitions = 1
const keyOf = (id: number) => ({ pk: `T#${id}` })

function indexOf(ids: readonly number[]): Uint8Array {
  const index = new KeyIndexBuilder()
  ids.forEach((id, ordinal) => index.add({ digest: keyDigest('table', keyOf(id)), ordinal, excluded: false }))
  return index.encode(partitions)
}

test('pages of the scan are read side by side, so many and no more, and examples are those of the first', async () => {
  const { archive, runs } = await BatchWorld.open(thingRows(1))
  const header = await runs.manifest('demo', 'things')
  if (!header) throw new Error('no manifest')
  await runs.saveManifest('demo', { ...header, partitions }, 1)
  await writeJson(archive, archiveKeys.batchList(at), [{ batch: '000001', object: 'o', records: 3 }])
  await archive.put(archiveKeys.keyIndex({ ...at, batch: '000001' }, 0), indexOf([0, 1, 2]))

  const staging = new SlowObjectStore('staging')
  const pages = 60
  const stranger = (page: number) => 1_000 + page
  for (let page = 0; page < pages; page += 1) {
    const ids = [page, stranger(page)]
    await staging.put(stagingKeys.scanIndex(at, run.id, page % 4, Math.floor(page / 4)), indexOf(ids))
    const lines = await packLines(ids.map((id) => encodeFields(keyOf(id))))
    await staging.put(stagingKeys.scanKeys(at, run.id, page % 4, Math.floor(page / 4)), lines)
  }

  const step = { run, ...at, stage: 'full', partition: 0 }
  await findUnexpected(step, { segment: thingsSegment(), archive, staging, runs })
  const result = await readJson(archive, archiveKeys.wholeTarget(at, run.id, 0), wholeTargetPart)
  expect(result).toMatchObject({ counted: 2 * pages, explained: 3 })
  // The scan's first part has the pages 0, 4, 8 and so on, each with two strangers; page 0 has one, and is the slowest.
  const pagesShown = result.examples.map((text) => Number(/\d+/.exec(text)?.[0]) % 1_000)
  expect(pagesShown).toEqual([0, ...[4, 8, 12, 16, 20, 24, 28, 32, 36].flatMap((page) => [page, page]), 40])
  expect(staging.most).toBe(16)
})
