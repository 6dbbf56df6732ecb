import type { Migration } from '../migration.ts'
import type { Segment } from '../segment.ts'
import type { Finding } from './definition-problem.ts'

/** Names that occur twice, and dependencies that lead nowhere or in a circle. */
export function checkSegments({ segments }: Migration): Finding[] {
  const byName = new Map(segments.map((segment) => [segment.name, segment]))
  const twice = segments.filter(
    ({ name }, index) => segments.findIndex((other) => other.name === name) < index,
  )
  return [
    ...twice.map(({ name }) => ({ segment: name, field: 'name', message: 'another segment has this name' })),
    ...segments.flatMap((segment) => checkDependencies(segment, byName)),
  ]
}

function checkDependencies(segment: Segment, byName: ReadonlyMap<string, Segment>): Finding[] {
  const unknown = segment.dependsOn.filter((name) => !byName.has(name))
  if (unknown.length > 0) {
    const known = [...byName.keys()].join(', ')
    return unknown.map((name) => problem(segment, `there is no segment ${name}; there are ${known}`))
  }
  const circle = pathTo(segment.name, segment, byName, new Set())
  return circle === undefined
    ? []
    : [problem(segment, `depends on itself: ${[segment.name, ...circle].join(' -> ')}`)]
}

const problem = (segment: Segment, message: string): Finding => ({
  segment: segment.name,
  field: 'dependsOn',
  message,
})

/** The way along dependencies from a segment to `goal`. */
function pathTo(
  goal: string,
  from: Segment,
  byName: ReadonlyMap<string, Segment>,
  seen: Set<string>,
): string[] | undefined {
  for (const name of from.dependsOn) {
    if (name === goal) return [name]
    const next = byName.get(name)
    if (next === undefined || seen.has(name)) continue
    seen.add(name)
    const rest = pathTo(goal, next, byName, seen)
    if (rest !== undefined) return [name, ...rest]
  }
  return undefined
}
