import type { FieldsOrProblem } from '../delimited/read-fields.ts'
import { Decimal, exactNumber } from '../value.ts'

const deepest = 500

/**
 * Parses one line of NDJSON, with exact numbers. A name that occurs twice in one object is a problem: JSON
 * would keep the last value and lose the others without a word.
 */
export function readJsonLine(text: string): FieldsOrProblem {
  const { members, isDoubtful } = glance(text)
  let value: unknown
  try {
    value = isDoubtful ? JSON.parse(text, exact) : JSON.parse(text)
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
  if (kept !== members) return invalid('a name occurs twice in one object')
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

/**
 * One look at a JSON text, outside its strings. Members: its colons. Doubtful: whether it has a number that a
 * double may not hold as written (a long one, an exponent, -0); most lines have none, and are parsed faster.
 */
function glance(text: string): { members: number; isDoubtful: boolean } {
  let members = 0
  let isDoubtful = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) at = endOfString(text, at + 1)
    else if (code === 0x3a) members += 1
    else if (code === minus || isDigit(code)) {
      const end = endOfNumber(text, at + 1)
      isDoubtful ||= end - at >= 16 || (code === minus && text[at + 1] === '0') || isExponent(text, end)
      at = end - 1
    }
  }
  return { members, isDoubtful }
}

const minus = 0x2d
const isDigit = (code: number) => code >= 0x30 && code <= 0x39

/** Where the digits end, and the point among them. */
function endOfNumber(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); isDigit(code) || code === 0x2e; code = text.charCodeAt(at)) at += 1
  return at
}

const isExponent = (text: string, at: number) => text[at] === 'e' || text[at] === 'E'

function endOfString(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at !== -1 && isEscaped(text, at)) at = text.indexOf('"', at + 1)
  return at === -1 ? text.length : at
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text.charCodeAt(before) === 0x5c) before -= 1
  return (at - before) % 2 === 0
}
