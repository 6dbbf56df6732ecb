import { expect, test } from 'vitest'
import { archiveKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { BatchWorld, thingRows, thingsSegment } from '../../support/batch-world.ts'
import { deadlineAfter } from '../../support/fake-clock.ts'

const rows = thingRows(20)
const key = (id: number) => ({ pk: `T#${id}` })

async function loaded(count = 20): Promise<BatchWorld> {
  const world = await BatchWorld.open(thingRows(count))
  await world.runTo('load')
  return world
}

const examples = (world: BatchWorld): unknown =>
  JSON.parse(world.archive.text(archiveKeys.differences(world.id)) ?? '[]')

test('what is equal is compared without waiting', async () => {
  const world = await loaded()
  expect(await world.run('reconcile')).toEqual({ isComplete: true, outcome: 'ok' })
  const checkpoint = await world.checkpoint()
  expect(checkpoint).toMatchObject({
    state: 'reconciled',
    reconciliation: { compared: 16, missing: 0, different: 0, fields: {} },
  })
  expect(checkpoint.reconciliation?.expected).toEqual(checkpoint.mapped)
  expect(world.clock.sleeps).toEqual([])
  expect(world.counted).toMatchObject({ RecordsReconciled: 16, BatchesReconciled: 1 })
})

test('missing and different records are counted, per field, with masked examples', async () => {
  const world = await loaded()
  world.target.records.delete('{"pk":"T#0"}')
  world.target.put({ ...key(1), size: 11, mail: 'other@example.com' })
  world.target.put({ ...key(5), size: 'x'.repeat(500), stars: 3 })
  await world.run('reconcile')
  expect(await world.checkpoint()).toMatchObject({
    state: 'reconciled',
    reconciliation: { compared: 16, missing: 1, different: 2, fields: { size: 2, mail: 1 } },
  })
  expect(examples(world)).toEqual([
    { kind: 'missing', key: '{"pk":"T#0"}' },
    { kind: 'different', key: '{"pk":"T#1"}', field: 'mail', expected: '•••', actual: '•••' },
    { kind: 'different', key: '{"pk":"T#1"}', field: 'size', expected: '10', actual: '11' },
    {
      kind: 'different',
      key: '{"pk":"T#5"}',
      field: 'size',
      expected: '50',
      actual: `"${'x'.repeat(199)}… (502 characters)`,
    },
  ])
})

test('where a hash should be, what somebody else has written is not shown', async () => {
  const plain = thingsSegment()
  const segment = thingsSegment({ map: { ...plain.map, mail: { from: 'mail', pii: 'hash' } } })
  const world = await BatchWorld.open(rows, segment)
  await world.runTo('load')
  world.target.put({ ...key(1), size: 10, mail: 'someone-1@example.com' })
  await world.run('reconcile')
  expect(examples(world)).toMatchObject([
    { field: 'mail', expected: expect.stringContaining('hash of') as string, actual: '•••' },
  ])
})

test('a difference that settles does not count', async () => {
  const world = await loaded()
  world.target.records.delete('{"pk":"T#4"}')
  world.clock.whileAsleep = () => world.target.put({ ...key(4), size: 40, mail: 'someone-4@example.com' })
  await world.run('reconcile')
  expect(world.clock.sleeps).toEqual([200])
  expect(await world.checkpoint()).toMatchObject({ reconciliation: { missing: 0, different: 0 } })
})

test('two records that swapped their values do not cancel each other', async () => {
  const world = await loaded()
  world.target.put({ ...key(1), size: 20 })
  world.target.put({ ...key(2), size: 10 })
  await world.run('reconcile')
  expect(await world.checkpoint()).toMatchObject({ reconciliation: { different: 2, fields: { size: 2 } } })
})

test('at most 20 examples are kept, over all attempts', async () => {
  const world = await loaded(60)
  world.target.records.clear()
  while (!(await world.run('reconcile', { deadline: deadlineAfter(0) })).isComplete);
  const checkpoint = await world.checkpoint()
  expect(checkpoint.reconciliation).toMatchObject({
    compared: checkpoint.mapped.count,
    missing: checkpoint.mapped.count,
  })
  expect(examples(world)).toHaveLength(20)
})

test('a conflict shows as a difference', async () => {
  const world = await BatchWorld.open(rows)
  world.target.put({ ...key(2), size: 1 })
  await world.runTo('reconcile')
  expect(await world.checkpoint()).toMatchObject({
    ledger: { conflicted: 1 },
    reconciliation: { missing: 0, different: 1, fields: { mail: 1, size: 1 } },
  })
})

test('the expected side is read from the source, not from what was staged', async () => {
  const world = await loaded()
  world.replaceSource(thingRows(20).toReversed())
  await expect(world.run('reconcile')).rejects.toMatchObject({ name: 'SourceChanged' })
})

test('in a rehearsal the mapping is compared with itself, the target is not touched, and a repeat is done', async () => {
  const world = await BatchWorld.open(rows)
  expect(await world.runTo('reconcile', { loads: false })).toEqual({ isComplete: true, outcome: 'ok' })
  expect(await world.checkpoint()).toMatchObject({ state: 'transformed', reconciliation: { compared: 16 } })
  expect([world.target.reads, world.target.writes]).toEqual([0, 0])
  const { attempt } = await world.checkpoint()
  expect(await world.run('reconcile', { loads: false })).toEqual({ isComplete: true, outcome: 'ok' })
  expect((await world.checkpoint()).attempt).toBe(attempt)
})

test('a rehearsal that pauses comes to the same', async () => {
  const world = await BatchWorld.open(rows)
  await world.runTo('reconcile', { loads: false, deadline: () => deadlineAfter(0) })
  expect(await world.checkpoint()).toMatchObject({ state: 'transformed', reconciliation: { compared: 16 } })
  await world.runTo('reconcile')
  expect(await world.checkpoint()).toMatchObject({
    state: 'reconciled',
    reconciliation: { compared: 16, missing: 0 },
  })
})

test('a mapping that answers differently twice fails the batch, and the field is named', async () => {
  let calls = 0
  const plain = thingsSegment()
  const segment = thingsSegment({ map: { ...plain.map, size: () => (calls += 1) } })
  const world = await BatchWorld.open(rows, segment)
  expect(await world.runTo('reconcile', { loads: false })).toEqual({ isComplete: true, outcome: 'failed' })
  const { state, failure } = await world.checkpoint()
  expect(state).toBe('failed')
  expect(failure).toMatchObject({
    error: 'NondeterministicMapping',
    message: expect.stringContaining('differs in size') as string,
  })
})

test('a filter that answers differently twice fails the batch as well', async () => {
  let calls = 0
  const world = await BatchWorld.open(rows, thingsSegment({ filter: { odd: () => (calls += 1) % 5 === 0 } }))
  await world.runTo('reconcile', { loads: false })
  expect((await world.checkpoint()).failure?.message).toMatch(/left out once/)
})
