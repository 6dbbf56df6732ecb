import { classifiedFields, ownedFields } from '../../mapping/owned-fields.ts'
import type { ControlSumSpec } from '../control-sum.ts'
import type { Segment } from '../segment.ts'
import { fieldsOf, kindOf } from './contract-shape.ts'

/** Each holds its groups in memory, on both sides. */
const mostSums = 5

/** Control sums over fields that have numbers, and may be shown. */
export function checkControlSums(segment: Segment): (readonly [field: string, message: string])[] {
  const sums = Object.entries(segment.criteria.controlSums ?? {})
  const found = sums.flatMap(([name, spec]) =>
    problemsOf(segment, spec).map((message) => [`controlSums.${name}`, message] as const),
  )
  if (sums.length <= mostSums) return found
  return [...found, ['controlSums', `are ${sums.length}, and a segment can have ${mostSums}`]]
}

function problemsOf(segment: Segment, { field, by }: ControlSumSpec): string[] {
  const owned = ownedFields(segment)
  const hidden = classifiedFields(segment)
  const found: string[] = []
  for (const name of by === undefined ? [field] : [field, by]) {
    if (!owned.includes(name)) {
      found.push(`the mapping owns no field ${name}; it owns ${owned.join(', ')}`)
    } else if (hidden.has(name)) {
      found.push(
        `${name} is classified for personal data, and the evidence shows the values of a control sum`,
      )
    }
  }
  const kind = kindOf(fieldsOf(segment.target.record)?.[field])
  if (owned.includes(field) && kind !== 'number' && kind !== 'unknown') {
    found.push(`${field} is no number in the target's contract, and only numbers can be summed`)
  }
  if (by === field) found.push(`${field} is summed by itself: group by another field`)
  return found
}
