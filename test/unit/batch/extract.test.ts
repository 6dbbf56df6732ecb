import { expect, test } from 'vitest'
import { stagingKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { unpackLines } from '../../../lambdas/shared/domain/frames.ts'
import { decodeExtracted } from '../../../lambdas/shared/domain/staged.ts'
import { BatchWorld, thingRows } from '../../support/batch-world.ts'
import { deadlineAfter } from '../../support/fake-clock.ts'

const rows = thingRows(8)

test('records are staged as they were read, in chunks, with their places', async () => {
  const world = await BatchWorld.open(rows)
  expect(await world.run('extract')).toEqual({ isComplete: true, outcome: 'ok' })
  const chunk = await world.staging.get(stagingKeys.extracted(world.id, await world.checkpoint(), 1))
  const records = [...(await unpackLines(chunk ?? new Uint8Array(), decodeExtracted))]
  expect(records).toHaveLength(3)
  const byte = rows.slice(0, 3).reduce<number>((sum, row) => sum + JSON.stringify(row).length + 1, 0)
  expect(records[0]).toEqual({
    ordinal: 3,
    place: { object: 'things/1.ndjson', line: 4, byte },
    raw: JSON.stringify(rows[3]),
    fields: rows[3],
  })
  expect(await world.checkpoint()).toMatchObject({
    state: 'extracted',
    ledger: { extracted: 8 },
    progress: { chunk: 0 },
  })
  expect(world.counted['RecordsExtracted']).toBe(8)
})

test('short of time it goes on after the last finished chunk', async () => {
  const world = await BatchWorld.open(rows)
  expect(await world.run('extract', { deadline: deadlineAfter(0) })).toEqual({
    isComplete: false,
    outcome: 'ok',
  })
  const { progress } = await world.checkpoint()
  expect(progress).toMatchObject({ chunk: 1, line: 4 })
  expect(await world.run('extract')).toEqual({ isComplete: true, outcome: 'ok' })
  expect(world.source.calls.at(-1)).toContain(` ${progress.byte}-`)
  expect((await world.checkpoint()).ledger.extracted).toBe(8)
})

test('a source that was replaced stops it', async () => {
  const world = await BatchWorld.open(rows)
  world.replaceSource(rows.slice(1))
  await expect(world.run('extract')).rejects.toMatchObject({ name: 'SourceChanged' })
  expect(await world.checkpoint()).toMatchObject({ state: 'planned' })
})

test('another number of records than planned stops it', async () => {
  const world = await BatchWorld.open(rows)
  const key = [...world.archive.objects.keys()].find((name) => name.includes('/batches/')) ?? ''
  const text = (world.archive.text(key) ?? '').replace('"records":8', '"records":9')
  await world.archive.put(key, Buffer.from(text))
  await expect(world.run('extract')).rejects.toMatchObject({
    name: 'SourceChanged',
    message: /8 records .* 9 were planned/,
  })
})

test('what expired since an earlier stage is staged anew', async () => {
  const world = await BatchWorld.open(rows)
  await world.runTo('reconcile', { loads: false })
  world.staging.objects.delete(stagingKeys.transformed(world.id, await world.checkpoint(), 2))
  await world.runTo('reconcile')
  expect(await world.checkpoint()).toMatchObject({ state: 'reconciled', ledger: { extracted: 8, loaded: 7 } })
})

test('a run under another manifest than the newest is refused', async () => {
  const world = await BatchWorld.open(rows)
  const header = await world.runs.manifest('demo', 'things')
  if (header) await world.runs.saveManifest('demo', { ...header, id: 'm2' }, 1)
  await expect(world.run('extract')).rejects.toMatchObject({ name: 'SourceChanged' })
})
