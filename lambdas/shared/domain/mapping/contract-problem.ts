import { z } from 'zod'
import { LockgateError } from '../../contract/errors.ts'
import type { Problem } from '../source-record.ts'

export type Parsed<T> = { readonly value: T } | { readonly problem: Problem }

/**
 * Parses a value by a contract. A problem names the field and the rule that it broke, never the value: zod's
 * own messages, and those that a contract brings along, can quote what they refuse.
 * @throws InvalidDefinition when the contract is asynchronous.
 */
export function parseBy<T>(
  contract: z.ZodType<T>,
  value: unknown,
  reason: 'SourceContract' | 'TargetContract',
  isFieldName: (name: string) => boolean,
): Parsed<T> {
  let result: z.ZodSafeParseResult<T>
  try {
    result = contract.safeParse(value)
  } catch (cause) {
    if (isAsynchronous(contract, value, cause)) throw asynchronous(reason, cause)
    return { problem: { reason, detail: `the contract threw ${kindOfError(cause)}` } }
  }
  return result.success
    ? { value: result.data }
    : { problem: problemOf(result.error.issues, reason, isFieldName) }
}

/** The kind of an error alone: its message may quote a value. */
export function kindOfError(error: unknown): string {
  const known = [TypeError, RangeError, SyntaxError, ReferenceError, URIError].find(
    (kind) => error instanceof kind,
  )
  return `a ${known?.name ?? 'n error'}`.replace('a n ', 'an ')
}

function problemOf(
  issues: readonly z.core.$ZodIssue[],
  reason: 'SourceContract' | 'TargetContract',
  isFieldName: (name: string) => boolean,
): Problem {
  const [first] = issues
  if (!first) return { reason, detail: 'refused' }
  const [field] = first.path
  const more = issues.length > 1 ? `, and ${issues.length - 1} more` : ''
  // Deeper parts of a path can be keys of a map, and so data.
  const named = typeof field === 'string' && isFieldName(field) ? { field } : {}
  return { reason, ...named, detail: `${ruleOf(first)}${more}` }
}

function ruleOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}`
    case 'too_small':
      return `${issue.origin} below ${String(issue.minimum)}`
    case 'too_big':
      return `${issue.origin} above ${String(issue.maximum)}`
    case 'invalid_format':
      return `not in the format ${issue.format}`
    case 'not_multiple_of':
      return `not a multiple of ${issue.divisor}`
    case 'unrecognized_keys':
      return `${issue.keys.length} unknown fields`
    case 'invalid_value':
      return 'not one of the values allowed'
    case 'invalid_union':
      return 'fits none of the alternatives'
    case 'invalid_key':
      return `a key of the ${issue.origin} is not valid`
    case 'invalid_element':
      return `an element of the ${issue.origin} is not valid`
    case 'custom':
      return 'refused by a rule of the contract'
  }
}

/** zod's compiled parsers stumble over a promise with an error of their own; the others name it. */
function isAsynchronous(contract: z.ZodType, value: unknown, error: unknown): boolean {
  if (error instanceof z.core.$ZodAsyncError) return true
  try {
    contract.safeParse(value, { jitless: true })
    return false
  } catch (second) {
    return second instanceof z.core.$ZodAsyncError
  }
}

function asynchronous(reason: string, cause: unknown): LockgateError {
  const which = reason === 'SourceContract' ? 'source' : 'target'
  const message = `the contract of the ${which} is asynchronous; a mapping must answer from the record alone, so take async rules and transforms out`
  return new LockgateError('InvalidDefinition', message, { cause })
}
