import { expect, test } from 'vitest'
import { effortOf } from '../../../lambdas/shared/domain/checkpoint.ts'
import { BatchWorld, thingRows } from '../../support/batch-world.ts'
import { deadlineAfter } from '../../support/fake-clock.ts'

const rows = thingRows(11)

test('what a rehearsal took is counted apart from the stage that loads', async () => {
  const world = await BatchWorld.open(rows)
  world.clock.now = () => (world.clock.time += 10)
  await world.runTo('reconcile', { loads: false })
  const rehearsed = await world.checkpoint()
  await world.runTo('reconcile')
  const { claims, milliseconds } = await world.checkpoint()

  expect(effortOf(claims, true)).toEqual({ extract: 1, transform: 1, load: 0, reconcile: 1 })
  // What rehearse has staged is used again.
  expect(effortOf(claims, false)).toEqual({ extract: 0, transform: 0, load: 1, reconcile: 1 })
  expect(effortOf(milliseconds, true)).toEqual(effortOf(rehearsed.milliseconds, true))
  expect(effortOf(milliseconds, true).extract).toBeGreaterThan(0)
  expect(effortOf(milliseconds, false)).toMatchObject({ extract: 0, transform: 0 })
  expect(effortOf(milliseconds, false).load).toBeGreaterThan(0)
})

test('each time that a step is begun counts, pauses among them', async () => {
  const world = await BatchWorld.open(rows)
  await world.runTo('extract', { deadline: () => deadlineAfter(0) })
  const { claims } = await world.checkpoint()
  expect(effortOf(claims, false).extract).toBe(4)
})

test('under another definition time and claims begin anew', async () => {
  const world = await BatchWorld.open(rows)
  await world.runTo('reconcile', { loads: false })
  world.fingerprint = 'b'.repeat(64)
  await world.run('extract', { loads: false })
  const { claims, attempt } = await world.checkpoint()
  expect(effortOf(claims, true)).toEqual({ extract: 1, transform: 0, load: 0, reconcile: 0 })
  expect(attempt).toBe(4)
})
