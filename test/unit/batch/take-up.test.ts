import { expect, test } from 'vitest'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { archiveKeys, stagingKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { BatchWorld, thingRows, thingsSegment } from '../../support/batch-world.ts'
import { deadlineAfter } from '../../support/fake-clock.ts'

const rows = Array.from({ length: 7 }, (_, id) => ({ id, size: id * 10 }))
const failed = { isComplete: true, outcome: 'failed' }
const done = { isComplete: true, outcome: 'ok' }

/** Loaded up to its first chunk, and failed in the second. */
async function halfLoaded(error: 'ItemTooLarge' | 'ConditionTooLarge', holds: 'empty' | 'records' = 'empty') {
  const world = await BatchWorld.open(rows, thingsSegment({}, holds))
  await world.runTo('transform')
  expect(await world.run('load', { deadline: deadlineAfter(0) })).toMatchObject({ isComplete: false })
  world.target.beforeWrite = () => {
    throw new LockgateError(error, 'too large')
  }
  expect(await world.run('load')).toEqual(failed)
  world.target.beforeWrite = () => undefined
  return world
}

test.each(['empty', 'records'] as const)(
  'a batch that failed half way through load goes on there in the next run, on a target that holds %s',
  async (holds) => {
    const world = await halfLoaded('ItemTooLarge', holds)
    expect(await world.checkpoint()).toMatchObject({
      state: 'failed',
      progress: { chunk: 1 },
      ledger: { loaded: 3 },
      failure: { error: 'ItemTooLarge', from: 'loading', rehearsal: false },
    })
    const { undo } = await world.checkpoint()
    expect(Object.keys(undo)).toEqual(['0', '1'])

    await world.takeOver()
    expect(await world.runTo('reconcile')).toEqual(done)
    const healed = await world.checkpoint()
    expect(healed).toMatchObject({ state: 'reconciled', ledger: { loaded: 7, unchanged: 0, conflicted: 0 } })
    expect(healed.undo).toMatchObject(undo)
    expect(healed.failure).toBeUndefined()
    expect(world.target.writes).toBe(7)
  },
)

test('within its run it stays failed, in every step', async () => {
  const world = await halfLoaded('ConditionTooLarge')
  for (const step of ['extract', 'transform', 'load', 'reconcile'] as const) {
    expect(await world.run(step)).toEqual(failed)
  }
  expect(world.target.writes).toBe(3)
})

test('a later run that finds the cause still there fails it again, and the one after that heals it', async () => {
  const world = await halfLoaded('ItemTooLarge')
  const { beforeWrite } = world.target
  world.target.beforeWrite = () => {
    throw new LockgateError('ItemTooLarge', 'still too large')
  }
  await world.takeOver()
  expect(await world.runTo('reconcile')).toEqual(failed)
  expect(await world.run('load')).toEqual(failed)
  world.target.beforeWrite = beforeWrite
  await world.takeOver()
  expect(await world.runTo('reconcile')).toEqual(done)
  expect((await world.checkpoint()).ledger).toMatchObject({ loaded: 7 })
})

test('once an undo chunk is recorded, another definition is refused also for a failed batch', async () => {
  const world = await halfLoaded('ItemTooLarge')
  await world.takeOver()
  world.fingerprint = 'b'.repeat(64)
  await expect(world.run('extract')).rejects.toMatchObject({ name: 'MappingChanged' })
})

test('an undo chunk that is restored heals its batch, and base images are those from before the first write', async () => {
  const world = await halfLoaded('ItemTooLarge')
  const key = archiveKeys.undo(world.id, 0, 1, 1)
  const kept = (await world.archive.get(key)) ?? new Uint8Array()
  world.archive.objects.delete(key)
  await world.takeOver()
  expect(await world.runTo('reconcile')).toEqual(failed)
  expect((await world.checkpoint()).failure).toMatchObject({
    error: 'UndoChunkMismatch',
    message: expect.stringContaining('start the migration again, which goes on at this chunk') as string,
  })
  await world.archive.put(key, kept)
  await world.takeOver()
  expect(await world.runTo('reconcile')).toEqual(done)
  expect(await world.archive.get(key)).toEqual(kept)
})

test('what was staged and has expired meanwhile is staged again', async () => {
  const world = await halfLoaded('ItemTooLarge')
  await world.takeOver()
  world.staging.objects.delete(stagingKeys.transformed(world.id, await world.checkpoint(), 1))
  await expect(world.runTo('reconcile')).rejects.toMatchObject({ name: 'StagedObjectMissing' })
  expect(await world.runTo('reconcile')).toEqual(done)
  expect(await world.checkpoint()).toMatchObject({
    state: 'reconciled',
    ledger: { loaded: 7, conflicted: 0 },
  })
  expect(world.target.writes).toBe(7)
})

test.each(['transform', 'load'] as const)(
  'a ledger that does not add up after %s is counted anew',
  async (step) => {
    const world = await BatchWorld.open(rows)
    await world.runTo(step === 'load' ? 'transform' : 'extract')
    await world.run(step, { deadline: deadlineAfter(0) })
    const half = await world.checkpoint()
    const wrong = step === 'load' ? { loaded: 9 } : { mapped: 9 }
    world.checkpoints.seed(world.id, { ...half, ledger: { ...half.ledger, ...wrong } })
    expect(await world.run(step)).toEqual(failed)
    expect((await world.checkpoint()).failure).toMatchObject({ error: 'LedgerMismatch', from: 'planned' })

    await world.takeOver()
    expect(await world.runTo('reconcile')).toEqual(done)
    expect(await world.checkpoint()).toMatchObject({
      state: 'reconciled',
      ledger: { extracted: 7, mapped: 7, loaded: 7, unchanged: 0, conflicted: 0 },
    })
    expect(world.target.writes).toBe(7)
  },
)

test('what failed in a rehearsal is compared anew by a rehearsal, and loaded by nobody before that', async () => {
  const plain = thingsSegment()
  let extra = 0
  const size = () => (extra += 1)
  const world = await BatchWorld.open(rows, thingsSegment({ map: { ...plain.map, size } }))
  expect(await world.runTo('reconcile', { loads: false })).toEqual(failed)

  await world.takeOver()
  expect(await world.runTo('reconcile')).toEqual(failed)
  expect(world.target.writes).toBe(0)

  await world.takeOver()
  expect(await world.runTo('reconcile', { loads: false })).toEqual(failed)
  expect((await world.checkpoint()).reconciliation).toMatchObject({ compared: 7 })
  // As if what it read outside had come back: the staged records are those of the first time.
  extra = 0
  await world.takeOver()
  expect(await world.runTo('reconcile', { loads: false })).toEqual(done)
  expect(await world.checkpoint()).toMatchObject({ state: 'transformed', reconciliation: { compared: 7 } })
})

test('a checkpoint that does not say where it failed stays failed', async () => {
  const world = await halfLoaded('ItemTooLarge')
  const { failure: _with, ...checkpoint } = await world.checkpoint()
  world.checkpoints.seed(world.id, { ...checkpoint, failure: { error: 'ItemTooLarge', message: 'x' } })
  await world.takeOver()
  expect(await world.run('load')).toEqual(failed)
})

const key = (id: number) => ({ pk: `T#${id}` })

test('a reconciliation that found something is made again by the next run, and by no other', async () => {
  const world = await BatchWorld.open(thingRows(20))
  await world.runTo('load')
  world.target.records.delete('{"pk":"T#0"}')
  world.target.put({ ...key(1), size: 11 })
  await world.run('reconcile')
  const unclean = await world.checkpoint()
  expect(unclean.reconciliation).toMatchObject({ compared: 16, missing: 1, different: 1 })

  world.target.put({ ...key(0), size: 0, mail: 'someone-0@example.com' })
  world.target.put({ ...key(1), size: 10, mail: 'someone-1@example.com' })
  await world.runTo('reconcile')
  expect(await world.checkpoint()).toEqual(unclean)

  await world.takeOver()
  await world.runTo('reconcile', { deadline: () => deadlineAfter(0) })
  expect(await world.checkpoint()).toMatchObject({
    state: 'reconciled',
    ledger: unclean.ledger,
    reconciliation: { compared: 16, missing: 0, different: 0, fields: {} },
  })
  expect(world.archive.text(archiveKeys.differences(world.id))).toBe('[]')
})

test('a clean reconciliation stays: the target is not read again', async () => {
  const world = await BatchWorld.open(thingRows(20))
  await world.runTo('reconcile')
  const { reads } = world.target
  await world.takeOver()
  await world.runTo('reconcile')
  expect(world.target.reads).toBe(reads)
})

test('a reconciliation that was cut off after it found something begins anew in the next run', async () => {
  const world = await BatchWorld.open(thingRows(20))
  await world.runTo('load')
  world.target.records.delete('{"pk":"T#0"}')
  expect(await world.run('reconcile', { deadline: deadlineAfter(0) })).toMatchObject({ isComplete: false })
  world.target.put({ ...key(0), size: 0, mail: 'someone-0@example.com' })
  await world.takeOver()
  await world.runTo('reconcile')
  expect(await world.checkpoint()).toMatchObject({ reconciliation: { compared: 16, missing: 0 } })
})
