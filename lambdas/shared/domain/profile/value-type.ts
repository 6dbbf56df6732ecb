import { Decimal } from '../value.ts'

/**
 * What a value of the source looks like. The first four are types of JSON; text is told by its shape, because in
 * delimited text there is nothing else, and a date that turned into digits is a change all the same.
 */
export const valueTypes = [
  'number',
  'boolean',
  'list',
  'map',
  'whole number',
  'decimal',
  'date',
  'time',
  'text',
] as const
export type ValueType = (typeof valueTypes)[number]

/** The type; `undefined` for null, absent and empty text: nothing is there. */
export function valueType(value: unknown): ValueType | undefined {
  switch (typeof value) {
    case 'string':
      return textType(value)
    case 'number':
    case 'bigint':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'object':
      if (value === null) return undefined
      if (Array.isArray(value)) return 'list'
      return value instanceof Decimal ? 'number' : 'map'
    default:
      return undefined
  }
}

const longest = 35
const date = /^(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2}))/
const clock = /^[T ]?\d{1,2}:\d{2}/
const decimal = /^[+-]?\d*[.,]\d+$/

function textType(text: string): ValueType | undefined {
  const length = text.length
  if (length === 0) return undefined
  const first = text.charCodeAt(0)
  const isSigned = first === plus || first === minus
  // Most text begins with a letter, and needs no second look.
  if (length > longest || !(isSigned || isDigit(first) || first === point || first === comma)) return 'text'
  let at = isSigned ? 1 : 0
  while (at < length && isDigit(text.charCodeAt(at))) at += 1
  if (at === length) return length > (isSigned ? 1 : 0) ? 'whole number' : 'text'
  if (decimal.test(text)) return 'decimal'
  const day = date.exec(text)?.[0]
  if (day === undefined) return 'text'
  if (day.length === length) return 'date'
  return clock.test(text.slice(day.length)) ? 'time' : 'text'
}

const plus = 0x2b
const minus = 0x2d
const point = 0x2e
const comma = 0x2c
const isDigit = (code: number) => code >= 0x30 && code <= 0x39
