import { z } from 'zod'
import { encode } from './canonical.ts'
import { difference } from './evidence.ts'
import type { Fields, Value } from './value.ts'

const longest = 200
const masked = '•••'

/** Content of `archiveKeys.differences` and `archiveKeys.conflicts`. */
export const differenceList = z.array(difference)

/** A value as people may see it: masked where its field is, and cut where it is long. */
export function shownValue(field: string, value: Value | undefined, hidden: ReadonlySet<string>): string {
  if (value === undefined) return 'absent'
  if (hidden.has(field)) return masked
  const text = encode(value)
  return text.length > longest
    ? `${text.slice(0, longest).toWellFormed()}… (${text.length} characters)`
    : text
}

/** A key as people may see it: canonical JSON, with masked attributes masked. */
export function shownKey(key: Fields, hidden: ReadonlySet<string>): string {
  return encode(
    Object.fromEntries(Object.entries(key).map(([name, value]) => [name, hidden.has(name) ? masked : value])),
  )
}
