import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJsonLine } from '../../../lambdas/shared/domain/reading/json-line.ts'
import { Decimal, numberText } from '../../../lambdas/shared/domain/value.ts'

const read = (text: string) => {
  const result = readJsonLine(text)
  return 'fields' in result ? result.fields : result.problem.detail
}

test('any object comes back as JSON.parse gives it', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }))
  fc.assert(
    fc.property(json, (value) => {
      const text = JSON.stringify(value)
      const parsed = readJsonLine(text)
      expect(JSON.stringify('fields' in parsed && parsed.fields, asNumbers)).toBe(text)
    }),
    { numRuns: 200 },
  )
})

/** Decimals hold doubles that have another shortest notation, such as 5e-324. */
function asNumbers(_: string, value: unknown): unknown {
  return value instanceof Decimal ? Number(value.text) : value
}

test('any number arrives with the value that was written', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 25 })
  const number = fc
    .tuple(fc.constantFrom('', '-'), digits, fc.option(digits), fc.option(fc.integer({ min: -30, max: 30 })))
    .map(([sign, whole, fraction, exponent]) => {
      const integer = whole.replace(/^0+(?=\d)/, '')
      return `${sign}${integer}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`
    })
  fc.assert(
    fc.property(number, (text) => {
      const fields = read(`{"a":[ ${text}]}`)
      const [value] = (fields as { a: [number | Decimal] }).a
      expect(typeof value === 'number' ? numberText(value) : value.text).toBe(new Decimal(text).text)
    }),
    { numRuns: 1000 },
  )
})

describe('what JSON.parse would let pass', () => {
  test.each([
    ['{"a":1,"a":1}', 'a name occurs twice in one object'],
    ['{"a":{"b":[{"c":1,"\\u0063":2}]}}', 'a name occurs twice in one object'],
    ['{"__proto__":1,"__proto__":2}', 'a name occurs twice in one object'],
    ['null', 'the line is JSON, but not an object'],
    ['"a"', 'the line is JSON, but not an object'],
    ['{"a":1e99999}', 'a number is out of range, or values are nested too deeply'],
    [`{"a":${'['.repeat(600)}${']'.repeat(600)}}`, 'values are nested more than 500 deep'],
    ['{"a":NaN}', 'the line is not valid JSON'],
    ['{"a":01}', 'the line is not valid JSON'],
    [' ', 'the line is not valid JSON'],
  ])('%s', (text, detail) => {
    expect(read(text)).toBe(detail)
  })

  test('colons and quotes inside strings are no members', () => {
    expect(read('{"a\\":":"b\\\\","c":":"}')).toEqual({ 'a":': 'b\\', c: ':' })
  })

  test('-0, which a double tells from 0, is kept', () => {
    expect(read('{"a":-0,"b":[-0,-0.5]}')).toEqual({ a: -0, b: [-0, -0.5] })
  })
})
