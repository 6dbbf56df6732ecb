import { expect, test } from 'vitest'
import { archiveKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { unpackLines } from '../../../lambdas/shared/domain/frames.ts'
import { sameRecord } from '../../../lambdas/shared/domain/comparison.ts'
import { decodeImage } from '../../../lambdas/shared/domain/undo.ts'
import { BatchWorld, thingsSegment } from '../../support/batch-world.ts'
import { Crash, Interruption } from '../../support/interruptions.ts'

const rows = Array.from({ length: 7 }, (_, id) => ({ id, size: id * 10 }))
const key = (id: number) => ({ pk: `T#${id}` })

async function transformed(holds: 'empty' | 'records' = 'empty'): Promise<BatchWorld> {
  const world = await BatchWorld.open(rows, thingsSegment({}, holds))
  await world.runTo('transform')
  return world
}

async function images(world: BatchWorld, chunk: number) {
  const content = await world.archive.get(archiveKeys.undo(world.id, 0, 1, chunk))
  return content && [...(await unpackLines(content, decodeImage))]
}

test('on an empty target nothing is read, and everything is created', async () => {
  const world = await transformed()
  expect(await world.run('load')).toEqual({ isComplete: true, outcome: 'ok' })
  expect(world.target.reads).toBe(0)
  expect(await world.checkpoint()).toMatchObject({
    state: 'loaded',
    ledger: { loaded: 7, unchanged: 0, conflicted: 0 },
  })
  expect(Object.keys((await world.checkpoint()).undo)).toEqual(['0', '1', '2'])
  expect(await images(world, 2)).toEqual([
    { key: key(6), base: undefined, expected: undefined, after: { ...key(6), size: 60 } },
  ])
})

test('an undo chunk and its hash are durable before the target is touched', async () => {
  const world = await transformed('records')
  world.target.put({ ...key(3), size: 1, stars: 5 })
  const seen: boolean[] = []
  world.target.beforeWrite = async (write) => {
    const chunk = Math.floor(rows.findIndex(({ id }) => sameRecord(key(id), write.key)) / 3)
    const image = (await images(world, chunk))?.find((one) => one.key['pk'] === write.key['pk'])
    const { undo, state } = await world.checkpoint()
    seen.push(image !== undefined && undo[chunk] !== undefined && state === 'loading')
  }
  await world.run('load')
  expect(seen).toEqual(rows.map(() => true))
  expect((await images(world, 1))?.[0]).toEqual({
    key: key(3),
    base: { ...key(3), size: 1 },
    expected: { ...key(3), size: 1 },
    after: { ...key(3), size: 30 },
  })
  expect(world.target.get(key(3))).toEqual({ ...key(3), size: 30, stars: 5 })
})

test('what an earlier attempt wrote is counted as loaded, and not read anew as what was there before', async () => {
  const world = await transformed('records')
  world.target.put({ ...key(0), size: 5 })
  // Dies after the writes of the first chunk: claim, state, undo chunk, its hash, writes.
  await expect(world.run('load', { interruption: new Interruption(5, 'after') })).rejects.toBeInstanceOf(
    Crash,
  )
  expect(world.target.get(key(0))).toEqual({ ...key(0), size: 0 })
  await world.run('load')
  expect((await images(world, 0))?.[0]?.base).toEqual({ ...key(0), size: 5 })
  expect(await world.checkpoint()).toMatchObject({ ledger: { loaded: 7, unchanged: 0, conflicted: 0 } })
})

test('images that are durable are not read again', async () => {
  const world = await transformed('records')
  // Dies when the first undo chunk is written: claim, state, undo chunk.
  await expect(world.run('load', { interruption: new Interruption(3, 'after') })).rejects.toBeInstanceOf(
    Crash,
  )
  expect([world.target.reads, (await world.checkpoint()).undo]).toEqual([3, {}])
  await world.run('load')
  expect(world.target.reads).toBe(7)
})

test('what is as it shall be already is unchanged, and is not written', async () => {
  const world = await transformed('records')
  world.target.put({ ...key(1), size: 10, stars: 5 })
  await world.run('load')
  expect(world.target.writes).toBe(6)
  expect(await world.checkpoint()).toMatchObject({ ledger: { loaded: 6, unchanged: 1, conflicted: 0 } })
})

test('what others put there is a conflict: counted, reported, never overwritten', async () => {
  const world = await transformed()
  world.target.put({ ...key(4), size: 999, mail: 'theirs@example.com' })
  world.target.put({ ...key(5), stars: 1 })
  await world.run('load')
  expect(world.target.get(key(4))).toEqual({ ...key(4), size: 999, mail: 'theirs@example.com' })
  expect(world.target.get(key(5))).toEqual({ ...key(5), stars: 1 })
  expect(await world.checkpoint()).toMatchObject({ state: 'loaded', ledger: { loaded: 5, conflicted: 2 } })
  expect(JSON.parse(world.archive.text(archiveKeys.conflicts(world.id, 1)) ?? '')).toEqual([
    { kind: 'conflicted', key: '{"pk":"T#4"}' },
    { kind: 'conflicted', key: '{"pk":"T#5"}' },
  ])
})

test('a write of others between image and write is a conflict', async () => {
  const world = await transformed('records')
  world.target.beforeWrite = (write) => {
    if (write.key['pk'] === 'T#2') world.target.put({ ...key(2), size: 1234 })
  }
  await world.run('load')
  expect(world.target.get(key(2))).toEqual({ ...key(2), size: 1234 })
  expect(await world.checkpoint()).toMatchObject({ ledger: { loaded: 6, conflicted: 1 } })
})

test('a later attempt looks again at what was unchanged when the images were taken', async () => {
  const world = await transformed('records')
  world.target.put({ ...key(1), size: 10 })
  await expect(world.run('load', { interruption: new Interruption(4, 'after') })).rejects.toBeInstanceOf(
    Crash,
  )
  world.target.put({ ...key(1), size: 11 })
  await world.run('load')
  expect(await world.checkpoint()).toMatchObject({ ledger: { loaded: 6, unchanged: 0, conflicted: 1 } })
})
