import { Decimal, numberText, plainDecimal, type Value } from '../value.ts'

/** A decimal number without rounding: `digits` × 10^-`scale`. */
export interface Exact {
  readonly digits: bigint
  readonly scale: number
}

/** The number that a value is, to its last digit; nothing where it is none. A double is what its shortest text says. */
export function exactOf(value: Value | undefined): Exact | undefined {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return { digits: BigInt(value), scale: 0 }
    return Number.isFinite(value) ? parseExact(numberText(value)) : undefined
  }
  if (typeof value === 'bigint') return { digits: value, scale: 0 }
  return value instanceof Decimal ? parseExact(value.text) : undefined
}

/** Reads a number in plain decimal notation. */
export function parseExact(plain: string): Exact {
  const [whole = '', fraction = ''] = plain.split('.')
  return { digits: BigInt(whole + fraction), scale: fraction.length }
}

/** In plain decimal notation, without superfluous zeros. */
export function exactText({ digits, scale }: Exact): string {
  return digits === 0n ? '0' : plainDecimal(`${digits}e-${scale}`)
}

export function plus(a: Exact, b: Exact): Exact {
  const scale = Math.max(a.scale, b.scale)
  return { digits: digitsAt(a, scale) + digitsAt(b, scale), scale }
}

export function minus(a: Exact, b: Exact): Exact {
  return plus(a, { ...b, digits: -b.digits })
}

export function isLess(a: Exact, b: Exact): boolean {
  return minus(a, b).digits < 0n
}

/** Whether two numbers are apart by no more than `tolerance`. */
export function isClose(a: Exact, b: Exact, tolerance: Exact): boolean {
  const apart = minus(a, b)
  return !isLess(tolerance, apart.digits < 0n ? { ...apart, digits: -apart.digits } : apart)
}

const digitsAt = ({ digits, scale }: Exact, wanted: number) =>
  wanted === scale ? digits : digits * 10n ** BigInt(wanted - scale)
