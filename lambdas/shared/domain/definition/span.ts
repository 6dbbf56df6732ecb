/** A span of time as people write it: `90 minutes`, `3 days`. */
export type Span = `${number} ${'minutes' | 'hours' | 'days'}`

const milliseconds = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const

export function spanMilliseconds(span: Span): number {
  const [count, unit] = span.split(' ') as [string, keyof typeof milliseconds]
  return Number(count) * milliseconds[unit]
}
