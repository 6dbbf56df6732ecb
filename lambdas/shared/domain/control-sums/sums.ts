import type { z } from 'zod'
import type { sums } from '../evidence.ts'
import { exactText, isLess, parseExact, plus, type Exact } from './exact.ts'

export type SumTexts = z.infer<typeof sums>

/** Count, sum, least and greatest of some numbers. */
export interface Sums {
  readonly count: number
  readonly sum?: Exact
  readonly min?: Exact
  readonly max?: Exact
}

export const noSums: Sums = { count: 0 }

export const sumsOf = (value: Exact): Sums => ({ count: 1, sum: value, min: value, max: value })

export function addSums(a: Sums, b: Sums): Sums {
  if (!a.sum || !a.min || !a.max) return b
  if (!b.sum || !b.min || !b.max) return a
  return {
    count: a.count + b.count,
    sum: plus(a.sum, b.sum),
    min: isLess(b.min, a.min) ? b.min : a.min,
    max: isLess(a.max, b.max) ? b.max : a.max,
  }
}

export function sumTexts({ count, sum, min, max }: Sums): SumTexts {
  const text = (value: Exact | undefined) => (value ? exactText(value) : null)
  return { count, sum: text(sum), min: text(min), max: text(max) }
}

/** `20 45.5 0.25 7`, or `0`: short to write and quick to read, as there can be thousands for each batch. */
export function packSums(sums: Sums): string {
  const { count, sum, min, max } = sumTexts(sums)
  return sum === null ? '0' : `${count} ${sum} ${min} ${max}`
}

export function unpackSums(text: string): Sums {
  const [count, sum, min, max] = text.split(' ')
  if (sum === undefined || min === undefined || max === undefined) return noSums
  return { count: Number(count), sum: parseExact(sum), min: parseExact(min), max: parseExact(max) }
}
