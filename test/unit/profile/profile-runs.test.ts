import { expect, test } from 'vitest'
import { archiveKeys } from '../../../lambdas/shared/domain/object-keys.ts'
import { partProfile } from '../../../lambdas/shared/domain/profile/profile.ts'
import { BatchWorld, thingRows } from '../../support/batch-world.ts'
import { deadlineAfter } from '../../support/fake-clock.ts'

const rows = thingRows(20)

async function profileOf(world: BatchWorld, pass: 'rehearse' | 'load' = 'load') {
  const text = world.archive.text(archiveKeys.profile(world.id, await world.checkpoint(), pass, 0))
  return text === undefined ? undefined : partProfile.parse(JSON.parse(text))
}

test('a batch leaves a profile of what was extracted and mapped, the same however often it pauses', async () => {
  const smooth = await BatchWorld.open(rows)
  await smooth.runTo('transform')
  const paused = await BatchWorld.open(rows)
  await paused.runTo('transform', { deadline: () => deadlineAfter(0) })

  const profile = await profileOf(smooth)
  expect(profile).toMatchObject({ records: 20, unread: 0, undeclared: 0, mapped: { records: 16 } })
  expect(profile?.columns.map(({ name }) => name)).toEqual(['id', 'mail', 'size', 'skip'])
  expect(await profileOf(paused)).toEqual(profile)
})

test('where the source is read anew in a stage that loads, its profile lies beside that of rehearse', async () => {
  const world = await BatchWorld.open(rows)
  await world.runTo('reconcile', { loads: false })
  const rehearsed = await profileOf(world, 'rehearse')
  expect(await profileOf(world)).toBeUndefined()
  await world.checkpoints.sendBack({ ...world.id, to: 'planned', lockToken: 1 })
  await world.runTo('transform')
  expect(await profileOf(world, 'rehearse')).toEqual(rehearsed)
  expect(await profileOf(world)).toEqual(rehearsed)
})
