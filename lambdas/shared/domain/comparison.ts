import { encodeFields } from './canonical.ts'
import type { Image } from './undo.ts'
import type { Fields } from './value.ts'

/** Whether two records hold the same, field by field; no record equals no record alone. */
export function sameRecord(a: Fields | undefined, b: Fields | undefined): boolean {
  return a === undefined || b === undefined ? a === b : encodeFields(a) === encodeFields(b)
}

/**
 * What a target record says of an intended write. `done`: it holds what it shall. `pending`: it holds what was
 * expected, and is still to be written. `conflicted`: anything else, and it is never overwritten.
 */
export function standing(
  { expected, after }: Image,
  now: Fields | undefined,
): 'done' | 'pending' | 'conflicted' {
  if (sameRecord(now, after)) return 'done'
  return sameRecord(now, expected) ? 'pending' : 'conflicted'
}

/** Names of the fields in which two records differ, sorted. */
export function differingFields(expected: Fields, actual: Fields): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort()
  return names.filter(
    (name) => encodeFields({ value: expected[name] }) !== encodeFields({ value: actual[name] }),
  )
}
