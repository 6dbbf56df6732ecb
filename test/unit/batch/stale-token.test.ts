import { expect, test } from 'vitest'
import { steps } from '../../../lambdas/shared/domain/checkpoint.ts'
import { BatchWorld, thingRows } from '../../support/batch-world.ts'
import { Delay } from '../../support/interruptions.ts'

const lost = { name: 'LockLost' }

test.each(steps)('%s makes no transition once another run has the lock, wherever it is', async (step) => {
  const before = steps[steps.indexOf(step) - 1]
  const ends: string[] = []
  for (let effect = 1; ; effect += 1) {
    const world = await BatchWorld.open(thingRows(8))
    if (before) await world.runTo(before)
    const delay = new Delay(effect)
    const late = world.run(step, { interruption: delay })
    const isDone = await Promise.race([late.then(() => true), delay.reached.then(() => false)])
    if (isDone) break
    const { revision = 0 } = (await world.checkpoints.get(world.id)) ?? {}
    await world.takeOver()
    delay.wake()
    ends.push(await late.then(({ outcome }) => outcome).catch((error: Error) => error.name))
    // The write that was under way is the last; the run that has the lock now has not come to this batch yet.
    expect((await world.checkpoint()).revision).toBeLessThanOrEqual(revision + 1)
  }
  expect(ends).toEqual([...Array.from({ length: ends.length - 1 }, () => 'LockLost'), 'ok'])
  expect(ends.length).toBeGreaterThan(4)
})

test.each(steps)('%s does not begin under a token that another run has overtaken', async (step) => {
  const world = await BatchWorld.open(thingRows(8))
  const before = steps[steps.indexOf(step) - 1]
  if (before) await world.runTo(before)
  await world.takeOver()
  const { writes } = world.target
  await expect(world.run(step, { lockToken: 1 })).rejects.toMatchObject(lost)
  expect(world.target.writes).toBe(writes)
})
