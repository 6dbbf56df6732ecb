import { expect, test } from 'vitest'
import type { StepResult } from '../../../lambdas/shared/contract/payloads.ts'
import { steps, type Step } from '../../../lambdas/shared/domain/checkpoint.ts'
import { encodeFields } from '../../../lambdas/shared/domain/canonical.ts'
import { BatchWorld, thingRows, thingsSegment } from '../../support/batch-world.ts'
import { deadlineAfter } from '../../support/fake-clock.ts'
import { Crash, Interruption } from '../../support/interruptions.ts'

const rows = thingRows(11)

/** What is left in the end: everything but the counts of attempts, revisions and milliseconds. */
async function outcome(world: BatchWorld): Promise<unknown> {
  const {
    attempt: _a,
    revision: _r,
    milliseconds: _m,
    claims: _c,
    stagedAt: _s,
    ...checkpoint
  } = await world.checkpoint()
  const objects = (store: BatchWorld['archive']) =>
    [...store.objects].map(([key, content]) => [key, Buffer.from(content).toString('hex')])
  return {
    checkpoint,
    archive: objects(world.archive).sort(),
    staging: objects(world.staging).sort(),
    target: [...world.target.records.values()].map(encodeFields).sort(),
  }
}

async function openWorld(holds: 'empty' | 'records'): Promise<BatchWorld> {
  const world = await BatchWorld.open(rows, thingsSegment({}, holds))
  if (holds === 'records') {
    // One that is as it shall be, one that changes, one that differs from both: on this target all are expected.
    world.target.put({ pk: 'T#0', size: 0, mail: 'someone-0@example.com', stars: 1 })
    world.target.put({ pk: 'T#1', size: 77, stars: 2 })
    world.target.put({ pk: 'T#2', stars: 3 })
  }
  return world
}

test.each(['empty', 'records'] as const)(
  'a crash before or after any effect changes nothing in the end: %s',
  async (holds) => {
    const smooth = await openWorld(holds)
    await smooth.runTo('reconcile')
    const expected = await outcome(smooth)
    expect(expected).toMatchObject({
      checkpoint: { state: 'reconciled', reconciliation: { missing: 0, different: 0 } },
    })

    let crashes = 0
    for (const step of steps) {
      for (const when of ['before', 'after'] as const) {
        for (let last = 1; ; last += 1) {
          const world = await openWorld(holds)
          await stepsBefore(world, step)
          const crashed = await crashIn(world, step, new Interruption(last, when))
          if (!crashed) break
          crashes += 1
          await world.runTo('reconcile')
          expect(await outcome(world), `${step}, ${when} effect ${last}`).toEqual(expected)
        }
      }
    }
    expect(crashes).toBeGreaterThan(80)
  },
)

test('pausing after every chunk changes nothing in the end', async () => {
  const smooth = await openWorld('empty')
  await smooth.runTo('reconcile')
  const paused = await openWorld('empty')
  await paused.runTo('reconcile', { deadline: () => deadlineAfter(0) })
  expect(await outcome(paused)).toEqual(await outcome(smooth))
  const { attempt } = await paused.checkpoint()
  expect(attempt).toBeGreaterThan((await smooth.checkpoint()).attempt + 10)
})

async function stepsBefore(world: BatchWorld, step: Step): Promise<void> {
  const before = steps[steps.indexOf(step) - 1]
  if (before) await world.runTo(before)
}

async function crashIn(world: BatchWorld, step: Step, interruption: Interruption): Promise<boolean> {
  try {
    const result: StepResult = await world.run(step, { interruption })
    expect(result).toEqual({ isComplete: true, outcome: 'ok' })
    return false
  } catch (error) {
    if (error instanceof Crash) return true
    throw error
  }
}
