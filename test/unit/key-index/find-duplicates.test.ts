import { expect, test } from 'vitest'
import { defineMigration } from '#lockgate'
import { findDuplicates } from '../../../lambdas/find-duplicates/find-duplicates.ts'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { keyDigest } from '../../../lambdas/shared/domain/digest.ts'
import { duplicateOrdinals } from '../../../lambdas/shared/domain/duplicates.ts'
import { KeyIndexBuilder } from '../../../lambdas/shared/domain/key-index.ts'
import { chunksPerRun } from '../../../lambdas/shared/domain/manifest.ts'
import { archiveKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { readJson, writeJson } from '../../../lambdas/shared/ports/json-objects.ts'
import { BatchWorld, fingerprint, thingRows, thingsSegment } from '../../support/batch-world.ts'
import { FakeObjectStore } from '../../support/fake-object-store.ts'

/** Says in which order batches are read and written, each call after a moment. */
class ToldObjectStore extends FakeObjectStore {
  readonly told: string[] = []

  override async get(...args: Parameters<FakeObjectStore['get']>): ReturnType<FakeObjectStore['get']> {
    await this.#tell('read', args[0])
    return super.get(...args)
  }

  override async put(key: string, content: Uint8Array): Promise<void> {
    await this.#tell('write', key)
    return super.put(key, content)
  }

  async #tell(what: string, key: string): Promise<void> {
    const batch = /^(?:index|duplicates)\/.*\/(\d{6})\//.exec(key)?.[1]
    if (batch) this.told.push(`${what} ${batch}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const chunkRecords = 1_000
const recordsPerRun = chunksPerRun(chunkRecords) * chunkRecords
const run = {
  ...{ id: 'run-1', executionArn: 'arn:run-1', startedBy: 'operator@example.com' },
  ...{ startedAt: '2026-01-01T00:00:00Z', migration: 'demo', fingerprint, lockToken: 1, concurrency: 1 },
}
const at = { migration: 'demo', segment: 'things', manifest: 'm1' }
const step = { run, ...at, stage: 'rehearse', partition: 0 }
const gate = { quorum: { steward: 1 } }
const migrations = [defineMigration({ name: 'demo', segments: [thingsSegment()], gate })]

/** Transformed batches of so many runs; each run has the keys given for its batch. */
async function open(runsOfEach: number, keys: readonly (readonly string[])[], excluded = false) {
  const { runs, checkpoints, ...world } = await BatchWorld.open(thingRows(1))
  const archive = new ToldObjectStore('archive')
  const header = await runs.manifest('demo', 'things')
  if (!header) throw new Error('no manifest')
  await runs.saveManifest('demo', { ...header, partitions: 1, chunkRecords }, 1)
  const batches = keys.map((_, i) => String(i + 1).padStart(6, '0'))
  const records = runsOfEach * recordsPerRun
  await writeJson(
    archive,
    archiveKeys.batchList(at),
    batches.map((batch) => ({ batch, object: 'o', records })),
  )
  for (const [i, batch] of batches.entries()) {
    const claim = { ...at, batch, lockToken: 1, fingerprint }
    const { checkpoint } = await checkpoints.claim({ ...claim, step: 'extract' })
    await checkpoints.save({ ...at, batch }, { ...checkpoint, state: 'transformed' })
    for (let indexRun = 0; indexRun < runsOfEach; indexRun += 1) {
      const index = new KeyIndexBuilder()
      for (const [j, pk] of (keys[i] ?? []).entries()) {
        const digest = keyDigest('table', { pk: pk === 'unique' ? `${batch}-${indexRun}-${j}` : pk })
        index.add({ digest, ordinal: indexRun * recordsPerRun + j, excluded })
      }
      await archive.put(archiveKeys.keyIndex({ ...at, batch }, indexRun), index.encode(1))
    }
  }
  archive.told.length = 0
  const ordinals = async (batch: string) => {
    const key = archiveKeys.duplicates({ ...at, batch }, 0)
    return archive.objects.has(key) ? (await readJson(archive, key, duplicateOrdinals)).ordinals : undefined
  }
  const find = () => findDuplicates(step, { migrations, archive, runs, checkpoints })
  return { ...world, archive, checkpoints, batches, find, ordinals }
}

test('where the mapping gives one key, each batch is told all of its ordinals, and one without is left alone', async () => {
  const { find, ordinals, checkpoints } = await open(2, [
    ['CITY#undefined', 'unique', 'CITY#undefined'],
    ['unique'],
    ['CITY#undefined'],
  ])
  expect(await find()).toEqual({ affected: 2 })
  expect(await ordinals('000001')).toEqual([0, 2, recordsPerRun, recordsPerRun + 2])
  expect(await ordinals('000002')).toBeUndefined()
  expect(await ordinals('000003')).toEqual([0, recordsPerRun])
  const states = await Array.fromAsync(checkpoints.list(at), ({ state, duplicates }) => ({
    state,
    duplicates,
  }))
  expect(states).toEqual([
    { state: 'extracted', duplicates: 4 },
    { state: 'transformed', duplicates: 0 },
    { state: 'extracted', duplicates: 2 },
  ])
})

test('the ordinals of large batches are held one batch at a time', async () => {
  const { find, archive, batches } = await open(8, [['same'], ['same'], ['same']])
  expect(await find()).toEqual({ affected: 3 })
  // Merged side by side, before anything is written; then batch after batch. Two requests for each run.
  const merged = archive.told.slice(0, 3 * 8 * 2)
  expect(new Set(merged.slice(0, 3)).size).toBe(3)
  const expected = batches.flatMap((batch) => [...Array<string>(16).fill(`read ${batch}`), `write ${batch}`])
  expect(archive.told.slice(merged.length)).toEqual(expected)
})

test('small ones are read side by side', async () => {
  const { find, archive } = await open(
    1,
    Array.from({ length: 20 }, () => ['same']),
  )
  await find()
  const again = archive.told.slice(20 * 2)
  const beforeWrite = new Set(
    again.slice(
      0,
      again.findIndex((told) => told.startsWith('write')),
    ),
  )
  expect(beforeWrite.size).toBe(8)
})

test('a retry writes the same; what is left out already sends nothing back', async () => {
  const keys = [['same', 'unique', 'same'], ['same']]
  const { find, ordinals, checkpoints } = await open(1, keys)
  const sendBack = checkpoints.sendBack.bind(checkpoints)
  checkpoints.sendBack = async (request) => {
    await sendBack(request)
    throw new LockgateError('ServiceUnavailable', 'an answer is lost')
  }
  await expect(find()).rejects.toMatchObject({ name: 'ServiceUnavailable' })
  checkpoints.sendBack = sendBack
  expect(await find()).toEqual({ affected: 2 })
  expect([await ordinals('000001'), await ordinals('000002')]).toEqual([[0, 2], [0]])
  const done = await open(1, keys, true)
  expect(await done.find()).toEqual({ affected: 0 })
  expect(done.archive.told.filter((told) => told.startsWith('write'))).toEqual([])
})
