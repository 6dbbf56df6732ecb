import { spanMilliseconds, type Span } from './span.ts'

/** What a stage is worth whose figure is not within its limit: not good enough, or to be stopped. */
export type Severity = 'fail' | 'breach'

/**
 * A limit on one figure. Not within it, the verdict is its `severity`, by default `fail`; beyond `breachAt` it is
 * `breach`: stop, and consider what was loaded.
 */
export interface Limit {
  readonly is: 'atLeast' | 'atMost' | 'exactly'
  readonly limit: number
  readonly breachAt?: number
  readonly severity?: Severity
}

interface BySeverity {
  readonly severity?: Severity
  readonly breachAt?: never
}
/** A second limit makes the difference between fail and breach; with it, there is no severity to choose. */
type LimitOptions = BySeverity | { readonly breachAt: number; readonly severity?: never }
type SpanOptions = BySeverity | { readonly breachAt: Span; readonly severity?: never }

export const atLeast = (limit: number, options: LimitOptions = {}): Limit => ({
  is: 'atLeast',
  limit,
  ...options,
})
export const atMost = (limit: number, options: LimitOptions = {}): Limit => ({
  is: 'atMost',
  limit,
  ...options,
})
export const exactly = (limit: number, options: BySeverity = {}): Limit => ({
  is: 'exactly',
  limit,
  ...options,
})

/** At most so long; for figures in seconds. */
export function within(span: Span, options: SpanOptions = {}): Limit {
  const { breachAt } = options
  return breachAt === undefined
    ? atMost(secondsOf(span), options)
    : atMost(secondsOf(span), { breachAt: secondsOf(breachAt) })
}

const secondsOf = (span: Span) => spanMilliseconds(span) / 1000
