import { expect, test } from 'vitest'
import { controlSum } from '#lockgate'
import { CollectedSums } from '../../../lambdas/summarise/collected-sums.ts'
import type { ControlSum } from '../../../lambdas/shared/domain/evidence.ts'
import { BatchWorld, thingRows, thingsSegment } from '../../support/batch-world.ts'
import { deadlineAfter } from '../../support/fake-clock.ts'
import { Crash, Delay, Interruption } from '../../support/interruptions.ts'

const controlSums = { sizes: controlSum('size'), 'sizes by key': controlSum('size', { by: 'pk' }) }
const segment = thingsSegment({ criteria: { controlSums } })

async function loaded(): Promise<BatchWorld> {
  const world = await BatchWorld.open(thingRows(20), segment)
  await world.runTo('load')
  return world
}

/** As summarise reads them. */
async function sumsOf(world: BatchWorld): Promise<ControlSum[] | undefined> {
  const sums = new CollectedSums(world.archive, world.id, segment)
  await sums.add(await world.checkpoint())
  return sums.result()
}

const sizes = { count: 16, sum: '1430', min: '0', max: '190' }

test('both sides of a batch are summed, and what is equal is not summed twice over', async () => {
  const world = await loaded()
  await world.run('reconcile')
  expect(await sumsOf(world)).toMatchObject([
    { name: 'sizes', expected: sizes, actual: sizes, groups: 1, off: 0 },
    { name: 'sizes by key', expected: sizes, actual: sizes, groups: 16, off: 0 },
  ])
})

test('what the target holds in the end is summed, settled or not', async () => {
  const world = await loaded()
  world.target.put({ pk: 'T#1', size: 11 })
  world.target.records.delete('{"pk":"T#2"}')
  world.target.put({ pk: 'T#4', size: 1_000_000 })
  world.clock.whileAsleep = () => world.target.put({ pk: 'T#4', size: 40, mail: 'someone-4@example.com' })
  await world.run('reconcile')
  expect(await sumsOf(world)).toMatchObject([
    { expected: sizes, actual: { count: 15, sum: '1411', min: '0', max: '190' }, off: 1 },
    { groups: 16, off: 2 },
  ])
})

test('a crash before or after any effect, or a pause after every chunk, counts nothing twice', async () => {
  const smooth = await loaded()
  smooth.target.put({ pk: 'T#1', size: 11 })
  await smooth.runTo('reconcile')
  const expected = await sumsOf(smooth)
  let crashes = 0
  for (const when of ['before', 'after'] as const) {
    for (let last = 1; ; last += 1) {
      const world = await loaded()
      world.target.put({ pk: 'T#1', size: 11 })
      const crashed = await world
        .run('reconcile', { interruption: new Interruption(last, when) })
        .then(() => false)
        .catch((error: unknown) => error instanceof Crash)
      if (!crashed) break
      crashes += 1
      await world.runTo('reconcile', { deadline: () => deadlineAfter(0) })
      expect(await sumsOf(world), `${when} effect ${last}`).toEqual(expected)
    }
  }
  expect(crashes).toBeGreaterThan(20)
})

test('an attempt that comes late writes over nothing that the checkpoint names', async () => {
  for (let effect = 1; ; effect += 1) {
    const world = await loaded()
    const late = new Delay(effect)
    const first = world.run('reconcile', { interruption: late }).catch(() => undefined)
    const isOver = await Promise.race([late.reached.then(() => false), first.then(() => true)])
    if (isOver) break
    // Only the earlier attempt has seen this.
    world.target.put({ pk: 'T#1', size: 10, mail: 'someone-1@example.com' })
    await world.runTo('reconcile')
    const before = await sumsOf(world)
    late.wake()
    await first
    expect(await sumsOf(world), `effect ${effect}`).toEqual(before)
  }
})

test('a rehearsal sums what is expected, and refuses too many groups before anything is loaded', async () => {
  const world = await BatchWorld.open(thingRows(20), segment)
  await world.runTo('reconcile', { loads: false })
  expect(await sumsOf(world)).toMatchObject([{ expected: sizes, actual: { count: 0 } }, { groups: 16 }])

  const wide = await BatchWorld.open(thingRows(1300), segment)
  expect(await wide.runTo('reconcile', { loads: false })).toMatchObject({ outcome: 'failed' })
  expect((await wide.checkpoint()).failure).toMatchObject({ error: 'TooManyGroups' })
  expect(wide.target.records.size).toBe(0)
})

test('a batch whose sums nobody kept leaves them unknown', async () => {
  const world = await loaded()
  await world.run('reconcile')
  const checkpoint = await world.checkpoint()
  const { controlSums: _gone, ...reconciliation } = checkpoint.reconciliation!
  const sums = new CollectedSums(world.archive, world.id, segment)
  await sums.add(checkpoint)
  await sums.add({ ...checkpoint, reconciliation })
  expect(await sums.result()).toBeUndefined()
})
