import fc from 'fast-check'
import { expect, test } from 'vitest'
import { full, pilot, ramp, rehearse } from '#lockgate'
import { batchesOfStage, cumulativeBatches } from '../../../lambdas/shared/domain/selection.ts'

const stages = [rehearse(), pilot({ share: 0.01 }), ramp({ share: 0.25 }), full()]

const batches = (perObject: readonly number[]) =>
  perObject.flatMap((count, object) =>
    Array.from({ length: count }, (_, i) => ({ batch: `${object}-${i}`, object: `part-${object}` })),
  )

test('the loading stages share out every batch once, and rehearse takes them all', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 }),
      fc.string(),
      (perObject, manifest) => {
        const all = batches(perObject)
        const taken = stages.slice(1).flatMap((stage) => batchesOfStage(stages, stage, manifest, all))
        expect(taken.toSorted()).toEqual(all.map(({ batch }) => batch).toSorted())
        expect(batchesOfStage(stages, stages[0]!, manifest, all)).toHaveLength(all.length)
      },
    ),
  )
})

test('every stage has a batch as long as there are as many batches as stages', () => {
  expect([...cumulativeBatches(stages, 3).values()]).toEqual([1, 2, 3])
  expect([...cumulativeBatches(stages, 2).values()]).toEqual([1, 2, 2])
  expect([...cumulativeBatches(stages, 1000).values()]).toEqual([10, 250, 1000])
})

test('a pilot is spread over the source objects, whatever their layout', () => {
  const all = batches([50, 50, 50, 50])
  const taken = batchesOfStage(stages, ramp({ share: 0.25 }), 'm', all)
  const piloted = batchesOfStage(
    [rehearse(), pilot({ share: 0.08 }), full()],
    pilot({ share: 0.08 }),
    'm',
    all,
  )
  expect(taken.length).toBeGreaterThan(0)
  expect(Object.values(Object.groupBy(piloted, (batch) => batch[0]!)).map((group) => group?.length)).toEqual([
    4, 4, 4, 4,
  ])
})
