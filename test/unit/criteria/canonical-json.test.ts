import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from '../../../lambdas/shared/domain/canonical-json.ts'

test('the example of RFC 8785, section 3.2.2 and 3.2.3', () => {
  const parsed: unknown = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
  )
  expect(canonicalJson(parsed)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

test('members are in the order of their UTF-16 code units, integer-like names included', () => {
  const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
  expect(Object.keys(JSON.parse(canonicalJson(names)) as object)).toHaveLength(7)
  expect([...canonicalJson(names).matchAll(/:(\d)/g)].map(([, digit]) => digit).join('')).toBe('2467153')
  expect(canonicalJson({ 9: 1, 10: 2 })).toBe('{"10":2,"9":1}')
})

test('the order of insertion does not matter, and the text reads back as what was written', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => {
      if (!JSON.stringify(value).isWellFormed()) return
      const text = canonicalJson(value)
      expect(canonicalJson(JSON.parse(text))).toBe(text)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
  expect(canonicalJson({ b: 1, a: undefined, c: { z: 0, y: -0 } })).toBe('{"b":1,"c":{"y":0,"z":0}}')
})

test('what JSON cannot hold is refused', () => {
  for (const value of [Number.NaN, Infinity, 1n, undefined, '\ud800', () => 1]) {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  }
})
