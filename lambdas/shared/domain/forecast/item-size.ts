import { Decimal, numberText, type Fields } from '../value.ts'

/**
 * Bytes of an item as DynamoDB counts them ("DynamoDB item sizes and formats" in its developer guide): names and text
 * in UTF-8, numbers by their digits, lists and maps with three bytes and one per element.
 */
export function itemBytes(item: Fields): number {
  let bytes = 0
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) bytes += Buffer.byteLength(name) + valueBytes(value)
  }
  return bytes
}

function valueBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value)
    case 'number':
      return numberBytes(Number.isFinite(value) ? numberText(value) : '0')
    case 'bigint':
      return numberBytes(value.toString())
    case 'object':
      return objectBytes(value)
    default:
      return 1
  }
}

function objectBytes(value: object | null): number {
  if (value === null) return 1
  if (value instanceof Decimal) return numberBytes(value.text)
  if (value instanceof Uint8Array) return value.length
  const entries = Object.entries(value)
  const isList = Array.isArray(value)
  return entries.reduce(
    (sum, [name, item]) => sum + 1 + (isList ? 0 : Buffer.byteLength(name)) + valueBytes(item),
    3,
  )
}

/** A byte for each two significant digits, and one more. */
function numberBytes(text: string): number {
  const digits = text.replace(/[-.]/g, '').replace(/^0+/, '')
  const significant = text.includes('.') ? digits.length : digits.replace(/0+$/, '').length
  return Math.min(21, Math.ceil(significant / 2) + 1 + (text.startsWith('-') ? 1 : 0))
}
