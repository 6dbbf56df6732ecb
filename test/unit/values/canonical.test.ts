import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../../lambdas/shared/domain/canonical.ts'
import {
  addDigests,
  DigestSum,
  emptyDigest,
  keyDigest,
  recordDigest,
} from '../../../lambdas/shared/domain/digest.ts'
import {
  Decimal,
  exactNumber,
  inexactness,
  plainDecimal,
  type Value,
} from '../../../lambdas/shared/domain/value.ts'

const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,37})(\.\d{1,12})?$/)
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '<null>', 'null', '\ud800', '\u{1f600}', '__proto__', '["d","1"]', 'p|q'),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.bigInt(),
  digits.map((text) => new Decimal(text)),
  fc.uint8Array(),
)
const names = fc.oneof(fc.string(), fc.constantFrom('a', 'b', '1', '2', '10', '__proto__', 'constructor'))
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

/** Values with numbers of one type, so that equal numbers are equal here as well. */
function normal(item: Value | undefined): unknown {
  if (typeof item === 'bigint') return normal(exactNumber(item.toString()))
  if (item instanceof Decimal) {
    const exact = exactNumber(item.text)
    return typeof exact === 'number' ? exact : { decimal: exact.text }
  }
  if (item instanceof Uint8Array) return { bytes: [...item] }
  if (Array.isArray(item)) return (item as readonly Value[]).map(normal)
  if (typeof item !== 'object' || item === null) return item
  return new Map(Object.entries(item).map(([name, one]) => [name, normal(one as Value)]))
}

describe('the canonical encoding', () => {
  test('decode(encode(x)) = x, whatever x is', () => {
    fc.assert(
      fc.property(value, (item) => void expect(normal(decode(encode(item)))).toEqual(normal(item))),
      { numRuns: 2000 },
    )
  })

  test('encoding what was decoded gives the same text', () => {
    fc.assert(
      fc.property(value, (item) => void expect(encode(decode(encode(item)))).toBe(encode(item))),
      { numRuns: 2000 },
    )
  })

  test('is injective: other values have other texts', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        let same = true
        try {
          expect(normal(a)).toEqual(normal(b))
        } catch {
          same = false
        }
        expect(encode(a) === encode(b)).toBe(same)
      }),
      { numRuns: 2000 },
    )
  })

  test.each<[Value | undefined, Value | undefined]>([
    [null, '<null>'],
    [null, undefined],
    [null, ''],
    ['', undefined],
    ['1', 1],
    [0, -0],
    [
      ['p|q', 'r'],
      ['p', 'q|r'],
    ],
    [[], {}],
    [['d', '1'], new Decimal('1')],
    [new Uint8Array([49]), '1'],
    [9007199254740993n, 9007199254740992n],
    ['\ud800', '\udc00'],
    [{ a: undefined }, { a: null }],
  ])('%o and %o differ', (a, b) => expect(encode(a)).not.toBe(encode(b)))

  test('numbers are equal when their values are, whatever carried them', () => {
    expect(
      new Set([encode(15), encode(15n), encode(new Decimal('15.0')), encode(new Decimal('1.5e1'))]).size,
    ).toBe(1)
    expect(encode(1e21)).toBe(encode(10n ** 21n))
    expect(encode(1e-7)).toBe(encode(new Decimal('0.0000001')))
  })

  test('the order of names does not matter', () => {
    expect(encode({ b: 1, a: 2, 10: 3, 9: 4 })).toBe(encode({ 9: 4, a: 2, 10: 3, b: 1 }))
  })

  test.each([NaN, Infinity, new Date(0), () => 1, Symbol('x')])('refuses %o', (item) => {
    expect(() => encode(item as unknown as Value)).toThrow(TypeError)
  })
})

describe('numbers as text', () => {
  test('plain notation is one per value', () => {
    expect(['1.50e1', '015', '15.', '+15', '1500e-2'].map(plainDecimal)).toEqual(Array(5).fill('15'))
    expect(['-0.0', '.5e-3', '1e3'].map(plainDecimal)).toEqual(['-0', '0.0005', '1000'])
    for (const text of ['', '.', '1e', 'abc', '1.2.3', '0x1f', ' 1'])
      expect(() => plainDecimal(text)).toThrow(RangeError)
  })

  test('what is no number is quoted in a message that is well formed wherever it is cut', () => {
    expect(() => plainDecimal(`${'x'.repeat(59)}\u{1f600}`)).toThrow(/^not a decimal number: x{59}\ufffd$/)
  })

  test('a number is a double only where the double is exactly what was written', () => {
    expect(exactNumber('0.1')).toBe(0.1)
    expect(exactNumber('9007199254740993')).toEqual(new Decimal('9007199254740993'))
    expect(exactNumber('0.30000000000000000001')).toBeInstanceOf(Decimal)
  })
})

test.each<[unknown, string | undefined]>([
  ['text', undefined],
  ['\u{1f600}', undefined],
  ['\ud83d', 'UnpairedSurrogate'],
  [2 ** 53, 'UnsafeInteger'],
  [2 ** 53 - 1, undefined],
  [2n ** 80n, undefined],
  [-0, 'NegativeZero'],
  [NaN, 'NotFinite'],
  [new Date(), 'UnsupportedType'],
  [{ a: [1, { b: '\udc00' }] }, 'UnpairedSurrogate'],
  [{ '\ud800': 1 }, 'UnpairedSurrogate'],
  [null, undefined],
])('%o cannot arrive exactly because of %s', (item, why) => expect(inexactness(item)).toBe(why))

describe('digests', () => {
  const records = [{ a: 1 }, { a: 1 }, { a: 2 }]

  test('a set digest does not depend on order, and counts repeats', () => {
    const of = (items: typeof records) => {
      const sum = new DigestSum()
      for (const item of items) sum.add(recordDigest(item))
      return sum.result()
    }
    expect(of(records)).toEqual(of(records.toReversed()))
    expect(addDigests(of(records.slice(0, 1)), of(records.slice(1)))).toEqual(of(records))
    // Two equal records must not cancel each other, as they would with XOR.
    expect(of(records).sum).not.toBe(of(records.slice(2)).sum)
    expect(of([])).toEqual(emptyDigest)
  })

  test('a key has another digest in another target', () => {
    expect(keyDigest('a', { pk: '1' })).not.toEqual(keyDigest('b', { pk: '1' }))
    expect(keyDigest('a', { pk: '1' })).toHaveLength(16)
  })
})
