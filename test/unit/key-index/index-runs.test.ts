import { expect, test } from 'vitest'
import { ClaimedBatch } from '../../../lambdas/shared/batch/batch-step.ts'
import { writeTransformed } from '../../../lambdas/shared/batch/staged-chunks.ts'
import { encodeFields } from '../../../lambdas/shared/domain/canonical.ts'
import { keyEntries, keyIndexHeadBytes } from '../../../lambdas/shared/domain/key-index.ts'
import { archiveKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { encodeTransformed } from '../../../lambdas/shared/domain/staged.ts'
import { IndexRuns } from '../../../lambdas/transform/index-runs.ts'
import { BatchWorld, thingRows } from '../../support/batch-world.ts'
import { deadlineAfter } from '../../support/fake-clock.ts'

/** Two chunks make a run. */
const chunkRecords = 65_536
const records = 4 * chunkRecords + 1

async function open() {
  const world = await BatchWorld.open(thingRows(1))
  await world.runTo('extract')
  const { segment, staging, archive, checkpoints, runs, clock } = world
  const metrics = { count: () => {} }
  const ports = { segment, staging, archive, checkpoints, runs, clock, metrics, deadline: deadlineAfter() }
  const object = { key: 'k', size: 1, etag: 'e', gzip: false }
  const slice = { object, start: 0, end: 1, line: 1, records }
  const plan = { slice, chunkRecords, partitions: 1 }
  const batch = new ClaimedBatch('transform', ports, world.id, await world.checkpoint(), plan)
  const keysOf = (chunk: number) =>
    [0, 1].map((i) => ({
      key: { pk: `T#${chunk}-${i}` },
      ordinal: chunk * chunkRecords + i,
      isDuplicate: i === 1,
    }))
  const ordinals = (run: number) => {
    const content = archive.objects.get(archiveKeys.keyIndex(world.id, run))
    return (
      content &&
      [...keyEntries(content.subarray(keyIndexHeadBytes(1)))].map(({ ordinal }) => ordinal).toSorted()
    )
  }
  return { ports, batch, keysOf, ordinals }
}

const expected = [
  [0, 1, 65_536, 65_537],
  [131_072, 131_073, 196_608, 196_609],
  [262_144, 262_145],
]

test('an index is written in runs of chunks, the last of which may be shorter', async () => {
  const { ports, batch, keysOf, ordinals } = await open()
  const index = await IndexRuns.before(0, ports, batch)
  for (let chunk = 0; chunk < batch.chunks; chunk += 1) await index.addChunk(chunk, keysOf(chunk))
  expect([0, 1, 2, 3].map(ordinals)).toEqual([...expected, undefined])
})

test('another attempt goes on in the middle of a run, with what was staged of it', async () => {
  const { ports, batch, keysOf, ordinals } = await open()
  const first = await IndexRuns.before(0, ports, batch)
  for (const chunk of [0, 1, 2]) await first.addChunk(chunk, keysOf(chunk))
  expect(ordinals(1)).toBeUndefined()
  const staged = keysOf(2).map(({ key, ordinal, isDuplicate }) =>
    encodeTransformed(ordinal, isDuplicate, encodeFields(key)),
  )
  await writeTransformed(ports, batch, 2, staged)
  const second = await IndexRuns.before(3, ports, batch)
  for (const chunk of [3, 4]) await second.addChunk(chunk, keysOf(chunk))
  expect([0, 1, 2].map(ordinals)).toEqual(expected)
})
