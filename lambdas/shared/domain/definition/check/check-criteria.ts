import type { FigureName, Limit } from '../criteria.ts'
import type { Segment } from '../segment.ts'
import type { Finding } from './definition-problem.ts'

/** Figures that are a share, 0 to 1; the others are counts. */
const shares: readonly string[] = ['completeness', 'accuracy', 'quarantineRate'] satisfies FigureName[]

/** Limits within their range, and breaches beyond their limits. */
export function checkCriteria({ name, criteria }: Segment): Finding[] {
  return Object.entries(criteria).flatMap(([figure, limit]) =>
    limitProblems(figure, limit).map((message) => ({ segment: name, field: `criteria.${figure}`, message })),
  )
}

function limitProblems(figure: string, { is, limit, breachAt }: Limit): string[] {
  const found: string[] = []
  for (const number of breachAt === undefined ? [limit] : [limit, breachAt]) {
    if (shares.includes(figure) && number > 1)
      found.push(`is a share between 0 and 1, and ${number} is above 1`)
    if (!shares.includes(figure) && !Number.isInteger(number))
      found.push(`is a count, and ${number} is no whole number`)
  }
  if (breachAt === undefined) return found
  if (is === 'exactly') found.push('has no room for a breachAt: use atLeast or atMost')
  if (is === 'atLeast' && breachAt >= limit)
    found.push(`breachAt ${breachAt} must be below the limit ${limit}`)
  if (is === 'atMost' && breachAt <= limit)
    found.push(`breachAt ${breachAt} must be above the limit ${limit}`)
  return found
}
