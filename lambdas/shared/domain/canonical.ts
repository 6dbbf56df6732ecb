import { Decimal, exactNumber, plainDecimal, type Fields, type Value } from './value.ts'

/**
 * One canonical, typed, injective text of a value: JSON whose maps have sorted keys, and in which whatever
 * JSON has no type for is a tagged array. Lists are tagged as well, so that no list can look like a tag.
 *
 *     null, true, "text", 1.5     themselves
 *     9007199254740993n           ["d","9007199254740993"]
 *     bytes                       ["b","<base64>"]
 *     [1, 2]                      ["l",1,2]
 *     set (read from a target)    ["s",…sorted texts]
 *
 * Numbers are equal when their values are, whatever type carried them. Unpaired surrogates survive, because
 * JSON.stringify escapes them. @throws TypeError for what no target can hold (functions, symbols, dates).
 */
export function encode(value: Value | undefined): string {
  return JSON.stringify(toTagged(value))
}

/** Reads what `encode` wrote. */
export function decode(text: string): Value | undefined {
  return fromTagged(JSON.parse(text))
}

export function encodeFields(fields: Fields): string {
  return encode(fields)
}

export function decodeFields(text: string): Fields {
  return decode(text) as Fields
}

type Tagged = null | boolean | string | number | Tagged[] | { [name: string]: Tagged }

export function toTagged(value: unknown): Tagged {
  switch (typeof value) {
    case 'undefined':
      return ['u']
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return taggedNumber(value)
    case 'bigint':
      return taggedDecimal(value.toString())
    case 'object':
      return taggedObject(value)
    default:
      throw new TypeError(`a ${typeof value} has no canonical form`)
  }
}

/** A double is written as JSON writes it, which loses nothing. */
function taggedNumber(value: number): Tagged {
  if (!Number.isFinite(value)) throw new TypeError(`${value} has no canonical form`)
  return Object.is(value, -0) ? ['d', '-0'] : value
}

/** Plain JSON number where that loses nothing, so that the common case stays readable. */
function taggedDecimal(text: string): Tagged {
  const exact = exactNumber(text)
  return typeof exact === 'number' && !Object.is(exact, -0) ? exact : ['d', plainDecimal(text)]
}

function taggedObject(value: object | null): Tagged {
  if (value === null) return null
  if (value instanceof Decimal) return taggedDecimal(value.text)
  if (value instanceof Uint8Array) return ['b', Buffer.from(value).toString('base64')]
  if (Array.isArray(value)) return ['l', ...value.map(toTagged)]
  if (value instanceof Set) return ['s', ...[...(value as Set<Value>)].map((item) => encode(item)).sort()]
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`a ${value.constructor.name} has no canonical form`)
  }
  const sorted: { [name: string]: Tagged } = Object.create(null) as { [name: string]: Tagged }
  // Integer-like names come first in any object, whatever the order of insertion: that is an order as well.
  for (const [name, item] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (item !== undefined) sorted[name] = toTagged(item)
  }
  return sorted
}

function fromTagged(tagged: unknown): Value | undefined {
  if (Array.isArray(tagged)) return fromTag(tagged as [string, ...unknown[]])
  if (typeof tagged !== 'object' || tagged === null) return tagged as Value
  return Object.fromEntries<Value | undefined>(
    Object.entries(tagged).map(([name, item]) => [name, fromTagged(item)]),
  )
}

function fromTag([tag, ...items]: [string, ...unknown[]]): Value | undefined {
  switch (tag) {
    case 'u':
      return undefined
    case 'd':
      return items[0] === '-0' ? -0 : new Decimal(String(items[0]))
    case 'b':
      return new Uint8Array(Buffer.from(String(items[0]), 'base64'))
    case 'l':
      return items.map((item) => fromTagged(item) as Value)
    case 's':
      return new Set(items.map((item) => decode(String(item)) ?? null))
    default:
      throw new TypeError(`no canonical form has the tag ${tag}`)
  }
}
