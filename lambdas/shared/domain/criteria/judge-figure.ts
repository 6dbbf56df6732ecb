import type { Verdict } from '../../contract/stages.ts'
import type { Limit } from '../definition/limit.ts'

/**
 * What a figure is worth under its limit. A figure that could not be computed has not passed, and is no breach
 * either: nobody knows how far it is from its limit.
 */
export function judgeFigure(actual: number | null, limit: Limit): Verdict {
  if (actual === null || !Number.isFinite(actual)) return 'fail'
  if (isWithin(actual, limit)) return 'pass'
  if (limit.severity === 'breach') return 'breach'
  return limit.breachAt !== undefined && isBeyond(actual, limit.breachAt, limit) ? 'breach' : 'fail'
}

function isWithin(actual: number, { is, limit }: Limit): boolean {
  switch (is) {
    case 'atLeast':
      return actual >= limit
    case 'atMost':
      return actual <= limit
    case 'exactly':
      return actual === limit
  }
}

function isBeyond(actual: number, breachAt: number, { is, limit }: Limit): boolean {
  switch (is) {
    case 'atLeast':
      return actual < breachAt
    case 'atMost':
      return actual > breachAt
    case 'exactly':
      return Math.abs(actual - limit) > Math.abs(breachAt - limit)
  }
}

const severity = { pass: 0, fail: 1, breach: 2 } as const

/** The worst of several verdicts. Nothing judged is nothing passed. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  const [first = 'fail', ...others] = verdicts
  return others.reduce<Verdict>((a, b) => (severity[b] > severity[a] ? b : a), first)
}
