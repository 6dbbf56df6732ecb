import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BatchTimes } from '../../../lambdas/shared/domain/batch-times.ts'

const timesOf = (all: readonly number[]) => {
  const times = new BatchTimes()
  for (const one of all) times.add(one)
  return times.result()
}

test('no batch has no percentile', () => {
  expect(timesOf([])).toBeUndefined()
})

test('nearest rank, in seconds', () => {
  expect(timesOf([7])).toEqual({ p50: 0.007, p90: 0.007, p95: 0.007, p99: 0.007, max: 0.007 })
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect(timesOf(hundred)).toEqual({ p50: 0.05, p90: 0.09, p95: 0.095, p99: 0.099, max: 0.1 })
})

test('a percentile is never below the time of its rank, nor a 128th above it', () => {
  const milliseconds = fc.oneof(fc.nat(600), fc.nat(10_000_000), fc.nat(2 ** 40))
  fc.assert(
    fc.property(fc.array(milliseconds, { minLength: 1, maxLength: 300 }), (all) => {
      const sorted = all.toSorted((a, b) => a - b)
      const found = timesOf(all)
      for (const percent of [50, 90, 95, 99] as const) {
        const exact = sorted[Math.ceil((percent / 100) * all.length) - 1]! / 1000
        expect(found?.[`p${percent}`]).toBeGreaterThanOrEqual(exact)
        expect(found?.[`p${percent}`]).toBeLessThanOrEqual(exact * (1 + 1 / 128))
      }
      expect(found?.max).toBe(sorted.at(-1)! / 1000)
    }),
  )
})

test('as much memory for many batches as for a few', () => {
  const times = new BatchTimes()
  for (let i = 0; i < 200_000; i += 1) times.add((i * 7919) % 900_000)
  expect((Reflect.get(times, 'slots') as Map<number, number>).size).toBeLessThan(2_000)
})
