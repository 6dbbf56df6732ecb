import type { DynamoDbTarget } from '../definition/target.ts'
import type { Problem } from '../source-record.ts'
import { Decimal, type Fields } from '../value.ts'

/** Limits of DynamoDB ("Quotas and limits" in its developer guide). */
const maxItemBytes = 409_600
const maxKeyBytes = [2_048, 1_024]
/** Attributes that one read can name: the expression that lists them has at most 4,096 bytes, up to six for each. */
export const maxAttributes = 701
const maxDepth = 32
const maxDigits = 38

/** Why DynamoDB could not hold this record, or `undefined`. */
export function dynamoDbProblem(
  { key, scope }: Pick<DynamoDbTarget, 'key' | 'scope'>,
  after: Fields,
): Problem | undefined {
  for (const [i, name] of key.entries()) {
    const problem = name === undefined ? undefined : keyProblem(name, after[name], maxKeyBytes[i] ?? 0)
    if (problem) return problem
  }
  if (scope && !isInScope(scope, after)) {
    const detail = `the key does not begin with ${scope.prefix}, and so belongs to another segment`
    return { reason: 'OutsideScope', field: scope.attribute, detail }
  }
  let bytes = 0
  for (const [field, value] of Object.entries(after)) {
    if (value === undefined) continue
    if (field === '' || field === '__proto__') return unsupportedName
    const size = sizeOf(value, 1)
    if (typeof size === 'object') return { ...size, field }
    bytes += Buffer.byteLength(field) + size
  }
  if (bytes <= maxItemBytes) return undefined
  return {
    reason: 'ItemTooLarge',
    detail: `the item has about ${bytes} bytes, and DynamoDB takes ${maxItemBytes}`,
  }
}

export function isInScope(
  scope: { readonly attribute: string; readonly prefix: string },
  key: Fields,
): boolean {
  const value = key[scope.attribute]
  return typeof value === 'string' && value.startsWith(scope.prefix)
}

function keyProblem(field: string, value: unknown, limit: number): Problem | undefined {
  const problem = (detail: string): Problem => ({ reason: 'InvalidKey', field, detail })
  if (value === undefined || value === null) return problem('the key attribute is missing')
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal) return undefined
  const bytes =
    typeof value === 'string' ? Buffer.byteLength(value) : value instanceof Uint8Array ? value.length : -1
  if (bytes < 0) return problem('a key attribute must be a string, a number or binary')
  if (bytes === 0) return problem('a key attribute must not be empty')
  return bytes > limit
    ? problem(`the key attribute has ${bytes} bytes, and DynamoDB takes ${limit}`)
    : undefined
}

/** About as many bytes as DynamoDB counts, never fewer; or why the value has no place there. */
function sizeOf(value: unknown, depth: number): number | Problem {
  switch (typeof value) {
    case 'string':
      return Buffer.byteLength(value)
    case 'boolean':
      return 1
    case 'number':
      return numberSize(value)
    case 'bigint':
      return decimalSize(value.toString())
    case 'object':
      return objectSize(value, depth)
    default:
      return { reason: 'UnsupportedType', detail: `DynamoDB has no type for ${typeof value}` }
  }
}

function objectSize(value: object | null, depth: number): number | Problem {
  if (value === null) return 1
  if (value instanceof Decimal) return decimalSize(value.text)
  if (value instanceof Uint8Array) return value.length
  if (depth > maxDepth)
    return { reason: 'TooDeep', detail: `nested deeper than the ${maxDepth} levels of DynamoDB` }
  let bytes = 3
  const isList = Array.isArray(value)
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined && !isList) continue
    if (name === '' || name === '__proto__') return unsupportedName
    const size = sizeOf(item, depth + 1)
    if (typeof size === 'object') return size
    bytes += 1 + size + (isList ? 0 : Buffer.byteLength(name))
  }
  return bytes
}

/** The first DynamoDB refuses, and the second no client is sure to carry. */
const unsupportedName: Problem = { reason: 'UnsupportedName', detail: 'a name is empty or __proto__' }

const outOfRange: Problem = {
  reason: 'NumberOutOfRange',
  detail: 'DynamoDB takes numbers from 1E-130 to below 1E+126',
}

function numberSize(value: number): number | Problem {
  const magnitude = Math.abs(value)
  // A double has at most 17 significant digits, so its precision is never too large.
  return magnitude !== 0 && (magnitude < 1e-130 || magnitude >= 1e126) ? outOfRange : 21
}

function decimalSize(text: string): number | Problem {
  const [integer = '', fraction = ''] = text.replace('-', '').split('.')
  const whole = integer.replace(/^0+/, '')
  const digits = (whole + fraction).replace(/^0+/, '').replace(/0+$/, '')
  if (digits.length > maxDigits) {
    return { reason: 'NumberTooPrecise', detail: `${digits.length} digits, and DynamoDB takes ${maxDigits}` }
  }
  const exponent =
    whole === '' ? -(fraction.length - fraction.replace(/^0+/, '').length) - 1 : whole.length - 1
  return digits !== '' && (exponent > 125 || exponent < -130) ? outOfRange : 21
}
