import type { QuarantineReason } from './quarantine-reasons.ts'

/** A number that a double cannot hold exactly, in plain decimal notation without superfluous zeros. */
export class Decimal {
  readonly text: string

  /** @throws RangeError when `text` is not a decimal number. */
  constructor(text: string) {
    this.text = plainDecimal(text)
  }

  toString(): string {
    return this.text
  }
}

/** What a field can hold on its way from the source to the target. Absent is `undefined`, never `null`. */
export type Value =
  | null
  | boolean
  | string
  | number
  | bigint
  | Decimal
  | Uint8Array
  | readonly Value[]
  /** A set that a target already holds; no mapping makes one. */
  | ReadonlySet<Value>
  | { readonly [name: string]: Value | undefined }

export type Fields = { readonly [name: string]: Value | undefined }

const decimal = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/** The one plain notation of a decimal number: `1.50e1` is `15`, `-0` stays `-0`. */
export function plainDecimal(text: string): string {
  const match = decimal.exec(text)
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? []
  if (!match || whole + fraction === '')
    throw new RangeError(`not a decimal number: ${text.slice(0, 60).toWellFormed()}`)
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  const padded = digits.padStart(digits.length + Math.max(0, -point), '0').padEnd(point, '0')
  const at = Math.max(0, point)
  const integer = padded.slice(0, at).replace(/^0+(?=\d)/, '') || '0'
  const rest = padded.slice(at).replace(/0+$/, '')
  return `${sign === '-' ? '-' : ''}${integer}${rest === '' ? '' : `.${rest}`}`
}

/**
 * A number read as text: a `number` where a double holds it exactly as written, else a `Decimal`.
 * So nothing that a store returns loses a digit.
 */
export function exactNumber(text: string): number | Decimal {
  const plain = plainDecimal(text)
  const double = Number(plain)
  return Number.isFinite(double) && numberText(double) === plain ? double : new Decimal(plain)
}

/** The plain decimal notation of a finite number, `-0` included. */
export function numberText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  const text = String(value)
  return text.includes('e') ? plainDecimal(text) : text
}

/** Why a value cannot arrive exactly, or `undefined` when it can. */
export function inexactness(value: unknown): QuarantineReason | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? undefined : 'UnpairedSurrogate'
    case 'number':
      if (!Number.isFinite(value)) return 'NotFinite'
      if (Object.is(value, -0)) return 'NegativeZero'
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? 'UnsafeInteger' : undefined
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return undefined
    case 'object':
      return inexactObject(value)
    default:
      return 'UnsupportedType'
  }
}

function inexactObject(value: object | null): QuarantineReason | undefined {
  if (value === null || value instanceof Uint8Array) return undefined
  if (value instanceof Decimal) return value.text === '-0' ? 'NegativeZero' : undefined
  if (Array.isArray(value)) return firstInexact(value.map((item: unknown) => item ?? null))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return 'UnsupportedType'
  return firstInexact(Object.keys(value)) ?? firstInexact(Object.values(value))
}

function firstInexact(values: readonly unknown[]): QuarantineReason | undefined {
  for (const value of values) {
    const why = inexactness(value)
    if (why) return why
  }
  return undefined
}
