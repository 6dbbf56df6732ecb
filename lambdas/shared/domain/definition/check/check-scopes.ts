import type { Migration } from '../migration.ts'
import type { Segment } from '../segment.ts'
import type { Finding } from './definition-problem.ts'

/** Segments that share a target must not share an item: then neither could say what it owns. */
export function checkScopes({ segments }: Migration): Finding[] {
  return segments.flatMap((segment, index) =>
    segments
      .slice(0, index)
      .filter((other) => other.target.at === segment.target.at)
      .flatMap((other) =>
        overlap(segment, other).map(([field, message]) => ({ segment: segment.name, field, message })),
      ),
  )
}

function overlap(segment: Segment, other: Segment): [field: string, message: string][] {
  const [a, b] = [segment.target, other.target]
  if (a.key.join() !== b.key.join()) {
    return [['target.key', `${other.name} gives ${a.at} the key ${b.key.join(', ')}; a table has one key`]]
  }
  if (a.scope === undefined || b.scope === undefined) {
    const without = a.scope === undefined ? segment.name : other.name
    return [
      ['target.scope', `shares ${a.at} with ${other.name}, and ${without} has no scope; give each its own`],
    ]
  }
  if (a.scope.attribute !== b.scope.attribute) {
    return [
      ['target.scope', `${other.name} has its scope on ${b.scope.attribute}; use the same attribute in both`],
    ]
  }
  if (a.scope.prefix.startsWith(b.scope.prefix) || b.scope.prefix.startsWith(a.scope.prefix)) {
    return [['target.scope', `${a.scope.prefix} and ${b.scope.prefix} of ${other.name} have items in common`]]
  }
  return []
}
