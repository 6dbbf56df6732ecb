import type { Segment } from '../definition/segment.ts'
import { classifiedFields } from '../mapping/owned-fields.ts'

export interface ProfiledColumns {
  /** Whether a name may stand in a profile. */
  readonly isDeclared: (name: string) => boolean
  /** Whether a sketch of the column's values may be kept. */
  readonly isPlain: (name: string) => boolean
}

/**
 * What of a source may be kept in a profile. Names of JSON can be data, so only those that the contract declares; the
 * columns of delimited text are named by its header. A sketch lets a value be looked up, and which columns a function
 * of the mapping reads cannot be told: so where a segment classifies any field, only columns that are mapped by their
 * name to an unclassified field, and to no classified one, have a sketch.
 */
export function profiledColumns(segment: Pick<Segment, 'source' | 'map'>): ProfiledColumns {
  const { record, kind } = segment.source
  const shape: unknown = 'shape' in record ? record.shape : undefined
  const declared = typeof shape === 'object' && shape !== null ? new Set(Object.keys(shape)) : undefined
  return {
    isDeclared: (name) => kind === 's3-delimited' || (declared?.has(name) ?? false),
    isPlain: plainColumns(segment),
  }
}

function plainColumns({ map }: Pick<Segment, 'map'>): (name: string) => boolean {
  const classified = classifiedFields({ map })
  if (classified.size === 0) return () => true
  const plain = new Set<string>()
  const hidden = new Set<string>()
  for (const [field, mapping] of Object.entries(map)) {
    const from = typeof mapping === 'object' ? mapping.from : mapping
    if (typeof from === 'string') (classified.has(field) ? hidden : plain).add(from)
  }
  return (name) => plain.has(name) && !hidden.has(name)
}
