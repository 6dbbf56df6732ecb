import { expect, test } from 'vitest'
import { z } from 'zod'
import { dynamoDb, s3Ndjson } from '#lockgate'
import { unpackQuarantine } from '../../../lambdas/shared/domain/frames.ts'
import { keyEntries, keyIndexRange, readKeyIndexHead } from '../../../lambdas/shared/domain/key-index.ts'
import { archiveKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { writeJson } from '../../../lambdas/shared/ports/json-objects.ts'
import { BatchWorld, fingerprint, thingRows, thingsSegment } from '../../support/batch-world.ts'
import { deadlineAfter } from '../../support/fake-clock.ts'

const rows = thingRows(20)

async function index(world: BatchWorld) {
  const content = (await world.archive.get(archiveKeys.keyIndex(world.id, 0))) ?? new Uint8Array()
  const head = readKeyIndexHead(content, 4)
  return [0, 1, 2, 3].flatMap((partition) => {
    const { start, end } = keyIndexRange(head, partition)
    return [...keyEntries(content.subarray(start, end))]
  })
}

const quarantine = async (world: BatchWorld, chunk: number) => {
  const content = await world.archive.get(archiveKeys.quarantine(world.id, chunk))
  return content ? unpackQuarantine(content) : undefined
}

test('records are mapped, filtered or kept back, and the ledger adds up', async () => {
  const world = await BatchWorld.open(rows)
  await world.runTo('transform')
  expect(await world.checkpoint()).toMatchObject({
    state: 'transformed',
    ledger: { extracted: 20, mapped: 16, filtered: { unwanted: 2 }, quarantined: { SourceContract: 2 } },
    mapped: { count: 16 },
  })
  expect(world.counted).toMatchObject({ RecordsMapped: 16, RecordsFiltered: 2, RecordsQuarantined: 2 })
})

test('quarantine keeps the record whole, with its place and a reason that shows no value', async () => {
  const world = await BatchWorld.open(rows)
  await world.runTo('transform')
  const byte = rows.slice(0, 7).reduce<number>((sum, row) => sum + JSON.stringify(row).length + 1, 0)
  expect(await quarantine(world, 2)).toEqual([
    {
      ...{ ordinal: 7, object: 'things/1.ndjson', line: 8, byte, reason: 'SourceContract', field: 'size' },
      ...{ detail: 'expected number', raw: '{"id":7,"size":"secret-7"}' },
    },
  ])
  expect(await quarantine(world, 0)).toBeUndefined()
})

test('the key index has every mapped record, whatever attempt mapped it', async () => {
  const smooth = await BatchWorld.open(rows)
  await smooth.runTo('transform')
  const entries = await index(smooth)
  expect(entries.map(({ ordinal }) => ordinal).sort((a, b) => a - b)).toEqual(
    rows.flatMap((_, i) => (i % 8 === 7 || i % 9 === 8 ? [] : [i])),
  )
  const paused = await BatchWorld.open(rows)
  await paused.runTo('transform', { deadline: () => deadlineAfter(0) })
  expect(await index(paused)).toEqual(entries)
})

test('duplicates that became known are kept back, and marked in the index', async () => {
  const world = await BatchWorld.open(rows)
  await world.runTo('reconcile', { loads: false })
  const duplicates = (ordinals: number[], of = fingerprint) => ({ fingerprint: of, ordinals })
  await writeJson(world.archive, archiveKeys.duplicates(world.id, 0), duplicates([3, 4]))
  await writeJson(world.archive, archiveKeys.duplicates(world.id, 1), duplicates([5], 'b'.repeat(64)))
  await world.checkpoints.sendBack({ ...world.id, to: 'extracted', lockToken: 1, duplicates: 2 })
  await world.runTo('reconcile', { loads: false })
  expect(await world.checkpoint()).toMatchObject({
    state: 'transformed',
    duplicates: 2,
    ledger: { extracted: 20, mapped: 14, quarantined: { SourceContract: 2, DuplicateTargetKey: 2 } },
    reconciliation: { compared: 14 },
  })
  expect((await quarantine(world, 1))?.map(({ ordinal, reason }) => [ordinal, reason])).toEqual([
    [3, 'DuplicateTargetKey'],
    [4, 'DuplicateTargetKey'],
  ])
  const excluded = (await index(world)).filter((entry) => entry.excluded)
  expect(excluded.map(({ ordinal }) => ordinal).sort()).toEqual([3, 4])
  await world.runTo('reconcile')
  expect([world.target.get({ pk: 'T#3' }), world.target.get({ pk: 'T#4' })]).toEqual([undefined, undefined])
  expect(await world.checkpoint()).toMatchObject({ ledger: { loaded: 14 } })
})

test('under a corrected definition, what was kept back before no longer stands there', async () => {
  const world = await BatchWorld.open(rows)
  await world.runTo('transform')
  const Row = z.object({ id: z.number(), size: z.unknown() })
  const source = s3Ndjson({ at: 'export', prefix: 'things/', record: Row })
  const map = { pk: (row: unknown) => `T#${Row.parse(row).id}`, size: () => 1 }
  world.segment = thingsSegment({ source, filter: {}, map })
  world.fingerprint = 'b'.repeat(64)
  await world.runTo('transform')
  expect(await world.checkpoint()).toMatchObject({ ledger: { extracted: 20, mapped: 20, quarantined: {} } })
  expect(await quarantine(world, 2)).toEqual([])
})

test('an asynchronous contract is refused by name', async () => {
  const Row = z.object({ id: z.number().refine(async () => true) })
  const source = s3Ndjson({ at: 'export', prefix: 'things/', record: Row })
  const world = await BatchWorld.open(rows, thingsSegment({ source }))
  await world.run('extract')
  await expect(world.run('transform')).rejects.toMatchObject({
    name: 'InvalidDefinition',
    message: /asynchronous/,
  })

  const record = z.object({ pk: z.string(), size: z.number().transform(async (n) => n) })
  const target = dynamoDb({ at: 'table', record, key: ['pk'], holds: 'empty' })
  const other = await BatchWorld.open(rows, thingsSegment({ target }))
  await other.run('extract')
  await expect(other.run('transform')).rejects.toMatchObject({ name: 'InvalidDefinition', message: /target/ })
})
