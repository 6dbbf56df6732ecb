import { encode } from '../canonical.ts'
import { sha256 } from '../digest.ts'
import type { Value } from '../value.ts'

const longest = 80

/** The group of everything, where a control sum names no field to group by. */
export const everything = 'all'
/** What the target holds in groups that the source does not have, where those are too many. */
export const furtherGroups = 'further groups of the target'

/** A value's canonical text; of a long one the beginning and a hash, so that a group takes little room. */
export function groupLabel(value: Value | undefined): string {
  if (value === undefined) return 'absent'
  const text = encode(value)
  return text.length <= longest
    ? text
    : `${text.slice(0, longest).toWellFormed()}… ${sha256(text).slice(0, 16)}`
}
