import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { controlSum } from '#lockgate'
import { controlSumOf } from '../../../lambdas/shared/domain/control-sums/control-sums.ts'
import { GroupedSums, mostGroups } from '../../../lambdas/shared/domain/control-sums/grouped-sums.ts'
import type { ControlSumSpec } from '../../../lambdas/shared/domain/definition/control-sum.ts'
import { Decimal, type Fields } from '../../../lambdas/shared/domain/value.ts'

type Pair = readonly [expected: Fields, actual: Fields | undefined]

function summed(pairs: readonly Pair[], spec: ControlSumSpec = controlSum('n', { by: 'g' })): GroupedSums {
  const sums = new GroupedSums('sum', spec)
  for (const [expected, actual] of pairs) sums.add(expected, actual)
  return sums
}
const figures = (pairs: readonly Pair[], spec?: ControlSumSpec) => controlSumOf(summed(pairs, spec))
const same = (fields: Fields): Pair => [fields, { ...fields }]
const a = (n: Fields[string]) => ({ g: 'a', n })

describe('a control sum', () => {
  test('has count, sum, least and greatest of both sides, exactly, and no group is off', () => {
    const big = new Decimal('12345678901234567890.25')
    expect(figures([same(a(0.1)), same(a(0.2)), same({ g: 'b', n: big }), same({ g: 'b' })])).toEqual({
      ...{ name: 'sum', field: 'n', by: 'g', tolerance: 0, groups: 2, off: 0, examples: [] },
      expected: { count: 3, sum: '12345678901234567890.55', min: '0.1', max: '12345678901234567890.25' },
      actual: { count: 3, sum: '12345678901234567890.55', min: '0.1', max: '12345678901234567890.25' },
    })
  })

  test('finds two errors that cancel each other in the total', () => {
    const found = figures([
      [a(1), a(2)],
      [
        { g: 'b', n: 2 },
        { g: 'b', n: 1 },
      ],
    ])
    expect(found).toMatchObject({ expected: { sum: '3' }, actual: { sum: '3' }, groups: 2, off: 2 })
    expect(found.examples[0]).toEqual({ group: '"a"', measure: 'sum', expected: '1', actual: '2' })
  })

  test('a record that is missing, has no number, or is in another group', () => {
    expect(figures([same(a(1)), [a(5), undefined]]).examples).toEqual([
      { group: '"a"', measure: 'count', expected: '2', actual: '1' },
      { group: '"a"', measure: 'sum', expected: '6', actual: '1' },
      { group: '"a"', measure: 'max', expected: '5', actual: '1' },
    ])
    expect(figures([[a(0), a('0')]]).examples.map(({ measure }) => measure)).toEqual([
      ...['count', 'sum', 'min', 'max'],
    ])
    expect(figures([[a(1), { n: 1 }]])).toMatchObject({ groups: 2, off: 2, actual: { sum: '1' } })
    expect(figures([[a(1), { n: 1 }]], controlSum('n'))).toMatchObject({ groups: 1, off: 0 })
  })

  test('a record too many, where nothing but the count tells', () => {
    const zero = { g: 'b', n: 0 }
    expect(figures([same(a(0)), [zero, a(0)]]).examples).toMatchObject([
      { group: '"a"', measure: 'count', expected: '1', actual: '2' },
      { group: '"b"', measure: 'count', expected: '1', actual: '0' },
      ...Array<object>(3).fill({ group: '"b"' }),
    ])
  })

  test('the stated tolerance is for sum, least and greatest, and not for the count', () => {
    const near: Pair[] = [[a(0.3), a(0.1 + 0.2)]]
    expect(figures(near)).toMatchObject({ off: 1 })
    expect(figures(near, controlSum('n', { tolerance: 3e-17 }))).toMatchObject({ off: 1 })
    expect(figures(near, controlSum('n', { tolerance: 4e-17 }))).toMatchObject({ off: 0 })
    expect(figures([[a(0), undefined]], controlSum('n', { tolerance: 10 }))).toMatchObject({ off: 1 })
  })

  test('is the same in whatever order and in whatever parts it is put together', () => {
    const value = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
    )
    const fields = fc.record({ g: fc.constantFrom('x', 'y', 1, null), n: fc.option(value) })
    const pairs = fc.array(fc.tuple(fields, fc.option(fields, { nil: undefined })), { maxLength: 20 })
    fc.assert(
      fc.property(pairs, fc.nat(20), (all, at) => {
        const spec = controlSum('n', { by: 'g' })
        const merged = new GroupedSums('sum', spec)
        for (const part of [all.slice(at), all.slice(0, at).toReversed()]) {
          merged.merge(structuredClone(summed(part, spec).state()))
        }
        expect(controlSumOf(merged)).toEqual(figures(all, spec))
        expect(figures(all.map(([expected]) => same(expected))).off).toBe(0)
      }),
    )
  })
})

describe('groups', () => {
  const wide = Array.from({ length: mostGroups + 1 }, (_, g) => ({ g, n: 1 }))

  test('are refused by name where the source has too many, in one batch or in several together', () => {
    expect(figures(wide.slice(1).map(same)).groups).toBe(mostGroups)
    expect(() => summed(wide.map(same))).toThrow(expect.objectContaining({ name: 'TooManyGroups' }))
    const merged = summed(wide.slice(0, 600).map(same))
    const rest = summed(wide.slice(600).map(same)).state()
    expect(() => merged.merge(rest)).toThrow(/sum.*more than 1000 groups by g/)
  })

  test('that only the target has are put together where they are too many, and are off', () => {
    const many = Array.from({ length: 5000 }, (_, g): Pair => [a(1), { g, n: 1 }])
    const found = summed([...many, ...wide.slice(1, 500).map(same)])
    expect(found.groups.size).toBeLessThanOrEqual(3 * mostGroups)
    expect(controlSumOf(found)).toMatchObject({ expected: { count: 5499 }, actual: { count: 5499 } })
    expect(controlSumOf(found).off).toBeGreaterThan(1000)
  })

  test('with long names take little room', () => {
    const long = (end: string) => ({ g: 'x'.repeat(10_000) + end, n: 1 })
    const found = summed([same(long('a')), same(long('b'))])
    expect(found.groups.size).toBe(2)
    expect(JSON.stringify(found.state()).length).toBeLessThan(1000)
  })
})
