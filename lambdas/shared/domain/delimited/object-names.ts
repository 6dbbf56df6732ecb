import { LockgateError } from '../../contract/errors.ts'
import { neededNames } from '../definition/check/contract-shape.ts'
import type { SourceSpec } from '../definition/source.ts'
import type { SourceObject } from '../manifest.ts'

/**
 * The objects' field names against one another and against the source's contract. @throws HeaderMismatch, which says
 * the contract's names, and positions of the objects'.
 */
export function requireNames(spec: SourceSpec, objects: readonly SourceObject[]): void {
  const needed = neededNames(spec.record)
  const named = objects.flatMap(({ key, names }) => (names === undefined ? [] : [{ key, names }]))
  const [first] = named
  if (first === undefined) return
  for (const { key, names } of named) {
    const lacking = (needed ?? []).filter((name) => !names.includes(name))
    if (lacking.length > 0) {
      throw mismatch(
        `The header of ${key} lacks ${lacking.join(', ')}, which the source's contract needs. Mend the object, or the ` +
          'contract; a column that was renamed is read under its new name.',
      )
    }
    const extra = unknownTo(first.names, names)
    const missing = unknownTo(names, first.names)
    if (extra.length + missing.length === 0) continue
    throw mismatch(
      `The headers of ${first.key} and ${key} have different names: unknown to the other are columns ` +
        `${listed(missing)} of the first and ${listed(extra)} of the second. All objects under a prefix need ` +
        `the same names, in any order; give others a prefix and a segment of their own.`,
    )
  }
}

/** Columns, from 1, whose names are not among `known`. */
function unknownTo(known: readonly string[], names: readonly string[]): number[] {
  const set = new Set(known)
  return names.flatMap((name, index) => (set.has(name) ? [] : [index + 1]))
}

const listed = (columns: readonly number[]) => (columns.length === 0 ? 'none' : columns.join(', '))

function mismatch(message: string): LockgateError {
  return new LockgateError('HeaderMismatch', message)
}
