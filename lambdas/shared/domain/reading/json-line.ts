import type { FieldsOrProblem } from '../delimited/read-fields.ts'
import { Decimal, exactNumber } from '../value.ts'

/** Numbers that a double may not hold as written: long ones, exponents, -0. All others need no second look. */
const doubtful = /[\d.]{16}|\d[eE][+-]?\d|(?:^|[:,[\s])-0/

const deepest = 500

/**
 * Parses one line of NDJSON, with exact numbers. A name that occurs twice in one object is a problem: JSON
 * would keep the last value and lose the others without a word.
 */
export function readJsonLine(text: string): FieldsOrProblem {
  let value: unknown
  try {
    value = doubtful.test(text) ? JSON.parse(text, exact) : JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return invalid('the line is not valid JSON')
    if (error instanceof RangeError)
      return invalid('a number is out of range, or values are nested too deeply')
    throw error
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return invalid('the line is JSON, but not an object')
  }
  const kept = membersOf(value, 0)
  if (kept === undefined) return invalid(`values are nested more than ${deepest} deep`)
  if (kept !== membersIn(text)) return invalid('a name occurs twice in one object')
  return { fields: value as Record<string, unknown> }
}

function exact(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' && context?.source !== undefined ? exactNumber(context.source) : value
}

function invalid(detail: string): FieldsOrProblem {
  return { problem: { reason: 'InvalidJson', detail } }
}

/** Members of all objects within a parsed value; nothing when it is nested too deeply to be encoded. */
function membersOf(value: unknown, depth: number): number | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Decimal) return 0
  if (depth > deepest) return undefined
  const items: unknown[] = Array.isArray(value) ? value : Object.values(value)
  let members = Array.isArray(value) ? 0 : items.length
  for (const item of items) {
    const inner = membersOf(item, depth + 1)
    if (inner === undefined) return undefined
    members += inner
  }
  return members
}

/** Members of all objects in a valid JSON text: its colons outside of strings. */
function membersIn(text: string): number {
  let members = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x3a) members += 1
    else if (code === 0x22) at = endOfString(text, at + 1)
  }
  return members
}

function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x5c) at += 1
    else if (code === 0x22) return at
  }
  return text.length
}
