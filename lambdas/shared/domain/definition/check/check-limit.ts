import type { FigureTraits } from '../figure-traits.ts'
import type { Limit } from '../limit.ts'

/** What is wrong with a limit on such a figure, in words. */
export function limitProblems(traits: FigureTraits, limit: Limit): string[] {
  const numbers = limit.breachAt === undefined ? [limit.limit] : [limit.limit, limit.breachAt]
  return [
    ...numbers.flatMap((number) => rangeProblems(traits, number)),
    ...directionProblems(traits, limit),
    ...breachProblems(limit),
  ]
}

function rangeProblems({ unit }: FigureTraits, number: number): string[] {
  if (unit === 'share' && number > 1) return [`is a share between 0 and 1, and ${number} is above 1`]
  if (unit === 'count' && !Number.isInteger(number)) return [`is a count, and ${number} is no whole number`]
  return []
}

/** A limit must not refuse what is better than what it lets pass. */
function directionProblems({ better, unit }: FigureTraits, { is, limit }: Limit): string[] {
  const best = better === 'more' ? (unit === 'share' ? 1 : undefined) : unit === 'seconds' ? undefined : 0
  const use = better === 'more' ? 'atLeast' : 'atMost'
  if (is === 'exactly') {
    if (limit === best) return []
    return [
      `exactly ${limit} would refuse what is better: use ${use}${best === undefined ? '' : ` or exactly(${best})`}`,
    ]
  }
  return is === use ? [] : [`${better} is better here, and ${is} lets the worst pass: use ${use}`]
}

function breachProblems({ is, limit, breachAt, severity }: Limit): string[] {
  if (breachAt === undefined) return []
  const found: string[] = []
  if (severity !== undefined) {
    found.push(
      `breachAt tells a fail from a breach, and severity '${severity}' makes all one: say one of them`,
    )
  }
  if (is === 'exactly') found.push('has no room for a breachAt: use atLeast or atMost')
  if (is === 'atLeast' && breachAt >= limit)
    found.push(`breachAt ${breachAt} must be below the limit ${limit}`)
  if (is === 'atMost' && breachAt <= limit)
    found.push(`breachAt ${breachAt} must be above the limit ${limit}`)
  return found
}
