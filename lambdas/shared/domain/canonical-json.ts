/**
 * The canonical text of a JSON document (RFC 8785): no whitespace, members in the order of their UTF-16 code
 * units, numbers and strings as ECMAScript writes them. Members that are `undefined` are left out. Built by
 * hand, because an object would list integer-like names first, whatever the order of insertion.
 * @throws TypeError for what JSON cannot hold, and for unpaired surrogates.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return canonicalNumber(value)
  if (typeof value === 'string') return canonicalString(value)
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item)).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`JSON holds no ${typeof value}`)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${canonicalString(name)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

function canonicalNumber(value: number): string {
  if (Number.isFinite(value)) return JSON.stringify(value)
  throw new TypeError(`JSON holds no ${value}`)
}

function canonicalString(value: string): string {
  if (value.isWellFormed()) return JSON.stringify(value)
  throw new TypeError('a text with an unpaired surrogate has no canonical form')
}
