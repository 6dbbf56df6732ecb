import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  exactOf,
  exactText,
  isClose,
  isLess,
  minus,
  parseExact,
  plus,
} from '../../../lambdas/shared/domain/control-sums/exact.ts'
import { Decimal, plainDecimal } from '../../../lambdas/shared/domain/value.ts'

test('what is a number, and to its last digit', () => {
  const text = (value: Parameters<typeof exactOf>[0]) => {
    const exact = exactOf(value)
    return exact && exactText(exact)
  }
  expect([0.1, -2, 1e21, 5e-324, -0].map(text)).toEqual([
    ...['0.1', '-2', '1000000000000000000000', plainDecimal('5e-324'), '0'],
  ])
  expect([12345678901234567890n, new Decimal('-0.50'), new Decimal('1e3')].map(text)).toEqual([
    ...['12345678901234567890', '-0.5', '1000'],
  ])
  expect([undefined, null, '1', true, Number.NaN, Infinity].map(text)).toEqual(Array(6).fill(undefined))
})

test('sums that a double would round', () => {
  const sum = (...texts: string[]) => exactText(texts.map(parseExact).reduce(plus))
  expect(0.1 + 0.2).not.toBe(0.3)
  expect(sum('0.1', '0.2')).toBe('0.3')
  expect(sum('9007199254740993', '0.0000000000000001')).toBe('9007199254740993.0000000000000001')
  expect(sum('-1.5', '1.5')).toBe('0')
})

test('it is the arithmetic of integers, whatever the scale', () => {
  const scaled = fc.tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(40))
  const asInteger = ([digits, scale]: readonly [bigint, number]) => digits * 10n ** BigInt(40 - scale)
  const exact = ([digits, scale]: readonly [bigint, number]) =>
    parseExact(plainDecimal(`${digits}e-${scale}`))
  fc.assert(
    fc.property(scaled, scaled, scaled, (a, b, tolerance) => {
      const integerOf = (text: string) => asInteger([parseExact(text).digits, parseExact(text).scale])
      expect(integerOf(exactText(plus(exact(a), exact(b))))).toBe(asInteger(a) + asInteger(b))
      expect(integerOf(exactText(minus(exact(a), exact(b))))).toBe(asInteger(a) - asInteger(b))
      expect(isLess(exact(a), exact(b))).toBe(asInteger(a) < asInteger(b))
      const apart = asInteger(a) - asInteger(b)
      expect(isClose(exact(a), exact(b), exact(tolerance))).toBe(
        (apart < 0n ? -apart : apart) <= asInteger(tolerance),
      )
    }),
  )
})
