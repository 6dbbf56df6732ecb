import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  DistinctSketch,
  sketchError,
  sketchSize,
} from '../../../lambdas/shared/domain/profile/distinct-sketch.ts'

function sketchOf(values: Iterable<string>): DistinctSketch {
  const sketch = new DistinctSketch()
  for (const value of values) sketch.add(value)
  return sketch
}

const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

test('below 256 values the count is exact, however often each comes', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: sketchSize - 1 }), (values) => {
      const sketch = sketchOf([...values, ...values.toReversed()])
      expect([sketch.isExact, sketch.count()]).toEqual([true, new Set(values).size])
    }),
  )
})

test('sketches of parts make the sketch of the whole, and survive their text', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string(), { maxLength: 300 }), { maxLength: 5 }), (parts) => {
      const merged = new DistinctSketch()
      for (const part of parts) merged.merge(DistinctSketch.decode(sketchOf(part).encode()))
      expect(merged.encode()).toBe(sketchOf(parts.flat()).encode())
    }),
  )
})

test.each([300, 5_000, 200_000])('%i values are counted within four standard errors', (count) => {
  for (const prefix of ['a', 'city-', '2026-01-', '0000', '']) {
    const sketch = sketchOf(numbered(prefix, count))
    expect(sketch.isExact).toBe(false)
    expect(Math.abs(sketch.count() / count - 1), prefix).toBeLessThan(4 * sketchError)
  }
})

test('a sketch takes two kilobytes, whatever it has seen', () => {
  expect(sketchOf(numbered('x', 20_000)).encode().length).toBe(2_048)
})
