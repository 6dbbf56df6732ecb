import type { Segment } from '../definition/segment.ts'
import type { Fields, Value } from '../value.ts'

/** 64 hexadecimal digits for a canonical text; the same text gives the same hash, in every segment. */
export type HashText = (text: string) => string

type Mapped = Pick<Segment, 'map'>

const classOf = (mapping: Segment['map'][string]) => (typeof mapping === 'object' ? mapping.pii : 'keep')

/** Names of the fields that the mapping owns in the target, key attributes among them. */
export function ownedFields({ map }: Mapped): string[] {
  return Object.keys(map).filter((name) => map[name] !== undefined && classOf(map[name]) !== 'drop')
}

/** Names of the fields whose values are never shown. */
export function maskedFields({ map }: Mapped): ReadonlySet<string> {
  return new Set(Object.keys(map).filter((name) => map[name] !== undefined && classOf(map[name]) === 'mask'))
}

/**
 * Names of the fields with a class for personal data. What a target holds there that Lockgate did not write is never
 * shown: where a hash should be, it may be the plain value.
 */
export function classifiedFields({ map }: Mapped): ReadonlySet<string> {
  return new Set(Object.keys(map).filter((name) => map[name] !== undefined && classOf(map[name]) !== 'keep'))
}

export function hashesFields({ map }: Mapped): boolean {
  return Object.values(map).some((mapping) => classOf(mapping) === 'hash')
}

/** Names of the key attributes, partition key first. */
export function keyNames({ target }: Pick<Segment, 'target'>): string[] {
  return target.key.filter((name): name is string => name !== undefined)
}

export function keyOf(segment: Pick<Segment, 'target'>, fields: Fields): Fields {
  return pick(fields, keyNames(segment))
}

/** The fields with these names that are not absent, in this order. */
export function pick(fields: Fields, names: readonly string[]): Fields {
  const picked: Record<string, Value> = {}
  for (const name of names) {
    const value = fields[name]
    if (value !== undefined) picked[name] = value
  }
  return picked
}
