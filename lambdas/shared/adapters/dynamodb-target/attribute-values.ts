import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { Decimal, exactNumber, numberText, type Fields, type Value } from '../../domain/value.ts'

export type Item = Record<string, AttributeValue>

/** Values as DynamoDB has them, both ways without loss: the SDK's own marshaller knows no `Decimal`. */
export function toItem(fields: Fields): Item {
  const item: [string, AttributeValue][] = []
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined) item.push([name, toAttribute(value)])
  return Object.fromEntries(item)
}

export function fromItem(item: Item): Fields {
  return Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, fromAttribute(attribute)]))
}

export function toAttribute(value: Value): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value }
    case 'boolean':
      return { BOOL: value }
    case 'number':
      return { N: numberText(value) }
    case 'bigint':
      return { N: value.toString() }
    default:
      return objectAttribute(value)
  }
}

function objectAttribute(value: Extract<Value, object | null>): AttributeValue {
  if (value === null) return { NULL: true }
  if (value instanceof Decimal) return { N: value.text }
  if (value instanceof Uint8Array) return { B: value }
  if (value instanceof Set) return setAttribute([...(value as ReadonlySet<Value>)])
  if (Array.isArray(value)) return { L: (value as readonly Value[]).map(toAttribute) }
  return { M: toItem(value as Fields) }
}

function setAttribute(items: readonly Value[]): AttributeValue {
  const [first] = items
  if (typeof first === 'string') return { SS: items.map(String) }
  if (first instanceof Uint8Array) return { BS: items.filter((item) => item instanceof Uint8Array) }
  return { NS: items.map((item) => toAttribute(item).N ?? '') }
}

/** @throws TypeError for an attribute of a type that DynamoDB did not have when this was written. */
export function fromAttribute(attribute: AttributeValue): Value {
  if (attribute.S !== undefined) return attribute.S
  if (attribute.N !== undefined) return exactNumber(attribute.N)
  if (attribute.BOOL !== undefined) return attribute.BOOL
  if (attribute.NULL !== undefined) return null
  if (attribute.M !== undefined) return fromItem(attribute.M)
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute)
  if (attribute.B !== undefined) return attribute.B
  if (attribute.SS !== undefined) return new Set<Value>(attribute.SS)
  if (attribute.NS !== undefined) return new Set<Value>(attribute.NS.map(exactNumber))
  if (attribute.BS !== undefined) return new Set<Value>(attribute.BS)
  throw new TypeError('an attribute of unknown type')
}
