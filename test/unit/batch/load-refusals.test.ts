import { expect, test } from 'vitest'
import { stagingKeys, archiveKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { LockgateError } from '../../../lambdas/shared/contract/errors.ts'
import { BatchWorld, thingsSegment } from '../../support/batch-world.ts'
import { deadlineAfter } from '../../support/fake-clock.ts'
import { Crash, Interruption } from '../../support/interruptions.ts'

const rows = Array.from({ length: 7 }, (_, id) => ({ id, size: id * 10 }))

async function transformed(holds: 'empty' | 'records' = 'empty'): Promise<BatchWorld> {
  const world = await BatchWorld.open(rows, thingsSegment({}, holds))
  await world.runTo('transform')
  return world
}

test('an attempt that was thought dead meets the later one, and each record is written once', async () => {
  const world = await transformed()
  let late: Promise<unknown> = Promise.resolve()
  world.target.beforeWrite = async () => {
    world.target.beforeWrite = () => undefined
    late = world.run('load')
    await late
  }
  await expect(world.run('load')).rejects.toMatchObject({ name: 'AttemptSuperseded' })
  expect(await late).toEqual({ isComplete: true, outcome: 'ok' })
  expect(world.target.writes).toBe(7)
  expect(await world.checkpoint()).toMatchObject({ state: 'loaded', ledger: { loaded: 7, conflicted: 0 } })
})

test('a run that lost the lock before or while it loads is refused', async () => {
  const world = await transformed()
  await world.takeOver()
  await expect(world.run('load', { lockToken: 1 })).rejects.toMatchObject({ name: 'LockLost' })

  world.target.beforeWrite = async () => {
    world.target.beforeWrite = () => undefined
    await world.takeOver()
    await world.run('load')
  }
  await expect(world.run('load')).rejects.toMatchObject({ name: 'LockLost' })
  expect(await world.checkpoint()).toMatchObject({ state: 'loaded', lockToken: 3, ledger: { loaded: 7 } })
})

test('finished work is taken as done', async () => {
  const world = await transformed()
  await world.run('load')
  expect(await world.run('load')).toEqual({ isComplete: true, outcome: 'ok' })
  expect(world.target.writes).toBe(7)
})

test('an undo chunk that was altered or removed fails the batch, and nothing is written', async () => {
  for (const alter of [true, false]) {
    const world = await transformed()
    await expect(world.run('load', { interruption: new Interruption(4, 'after') })).rejects.toBeInstanceOf(
      Crash,
    )
    const undo = archiveKeys.undo(world.id, 0, 1, 0)
    if (alter)
      world.archive.objects.set(
        undo,
        (await world.archive.get(undo))?.map((byte) => byte ^ 1) ?? new Uint8Array(),
      )
    else world.archive.objects.delete(undo)
    expect(await world.run('load')).toEqual({ isComplete: true, outcome: 'failed' })
    expect(await world.checkpoint()).toMatchObject({
      state: 'failed',
      failure: { error: 'UndoChunkMismatch' },
    })
    expect(world.target.writes).toBe(0)
    expect(await world.run('load')).toEqual({ isComplete: true, outcome: 'failed' })
  }
})

test('an undo chunk of other records is not taken for this one', async () => {
  const world = await transformed()
  const other = await transformed()
  other.replaceSource([])
  await other.run('load')
  const key = archiveKeys.undo(world.id, 0, 1, 0)
  await world.archive.put(
    key,
    (await other.archive.get(archiveKeys.undo(world.id, 0, 1, 1))) ?? new Uint8Array(),
  )
  expect(await world.run('load')).toMatchObject({ outcome: 'failed' })
  expect(await world.checkpoint()).toMatchObject({ failure: { error: 'UndoChunkMismatch' } })
})

test('a staged chunk that expired sends the batch back, and loading again converges', async () => {
  const world = await transformed()
  expect(await world.run('load', { deadline: deadlineAfter(0) })).toEqual({
    isComplete: false,
    outcome: 'ok',
  })
  world.staging.objects.delete(stagingKeys.transformed(world.id, await world.checkpoint(), 1))
  await expect(world.run('load')).rejects.toMatchObject({
    name: 'StagedObjectMissing',
    message: expect.stringMatching(/planned again, and goes back to extract by itself$/) as string,
  })
  expect(await world.checkpoint()).toMatchObject({ state: 'planned' })
  await world.runTo('reconcile')
  expect(await world.checkpoint()).toMatchObject({
    state: 'reconciled',
    ledger: { loaded: 7, conflicted: 0 },
  })
  expect(world.target.writes).toBe(7)
})

test('an object that is gone from the archive is no staged one: nothing goes back to extract', async () => {
  const world = await transformed()
  const key = archiveKeys.batch(world.id)
  const kept = (await world.archive.get(key)) ?? new Uint8Array()
  world.archive.objects.delete(key)
  await expect(world.run('load')).rejects.toMatchObject({
    name: 'ArchiveObjectMissing',
    message: expect.stringMatching(
      /batches\/.*\.json is gone; make its last version the current one/,
    ) as string,
  })
  expect(await world.checkpoint()).toMatchObject({ state: 'transformed' })
  await world.archive.put(key, kept)
  await world.runTo('reconcile')
  expect(await world.checkpoint()).toMatchObject({ state: 'reconciled', ledger: { loaded: 7 } })
})

test('throttling to the end of the time is no failure', async () => {
  const world = await transformed()
  world.target.beforeWrite = () => {
    throw new LockgateError('TargetThrottled', 'slow')
  }
  expect(await world.run('load')).toEqual({ isComplete: false, outcome: 'ok' })
  world.target.beforeWrite = () => undefined
  expect(await world.run('load')).toEqual({ isComplete: true, outcome: 'ok' })
})

test('a step without time for a single chunk says so', async () => {
  const world = await transformed()
  const controller = new AbortController()
  world.target.beforeWrite = () => {
    controller.abort(new LockgateError('TimeTooShort', 'near'))
    controller.signal.throwIfAborted()
  }
  const deadline = { isNear: () => true, signal: controller.signal }
  await expect(world.run('load', { deadline })).rejects.toMatchObject({
    name: 'TimeTooShort',
    message: /one chunk of 3 records/,
  })
})

test('a write that the target refuses for another reason fails the batch, and its cause is told', async () => {
  const world = await transformed()
  const cause = new Error('words of a service')
  world.target.beforeWrite = () => {
    throw new LockgateError('UnknownTargetError', 'refused', { cause })
  }
  expect(await world.run('load')).toEqual({ isComplete: true, outcome: 'failed' })
  expect(world.failures).toEqual([expect.objectContaining({ name: 'UnknownTargetError', cause })])
  const { failure } = await world.checkpoint()
  expect(failure).toEqual({
    error: 'UnknownTargetError',
    message: 'refused',
    from: 'loading',
    rehearsal: false,
  })
})

test('an item that outgrows the target fails the batch by name', async () => {
  const world = await transformed()
  world.target.beforeWrite = () => {
    throw new LockgateError('ItemTooLarge', 'too large')
  }
  expect(await world.run('load')).toEqual({ isComplete: true, outcome: 'failed' })
  expect(world.counted['BatchesFailed']).toBe(1)
})
