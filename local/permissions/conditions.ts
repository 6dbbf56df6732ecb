import { matchesArn, matchesWildcard } from './wildcard.ts'

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
/** Condition keys of one request; names are compared without regard to case. */
export type Context = Readonly<Record<string, string | readonly string[]>>

type Compare = (expected: string, actual: string) => boolean

const equals: Compare = (expected, actual) => expected === actual
const comparisons: Readonly<Record<string, Compare>> = {
  StringEquals: equals,
  StringLike: matchesWildcard,
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
}
const setComparisons: Readonly<Record<string, Compare>> = {
  StringEquals: equals,
  StringLike: matchesWildcard,
}

/**
 * Keys that are in the context whenever AWS would supply them. Any other is refused: a key that AWS knows and
 * that is only missing here would make a Deny silently void.
 */
const suppliedKeys = new Set(
  [
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalIsAWSService',
    'aws:PrincipalServiceName',
    'aws:SecureTransport',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:ViaAWSService',
    'kms:CallerAccount',
    'kms:MacAlgorithm',
    'kms:MessageType',
    'kms:RequestAlias',
    'kms:SigningAlgorithm',
    'kms:ViaService',
    's3:delimiter',
    's3:if-match',
    's3:if-none-match',
    's3:max-keys',
    's3:object-lock-legal-hold',
    's3:object-lock-mode',
    's3:object-lock-retain-until-date',
    's3:prefix',
    's3:VersionId',
    's3:x-amz-acl',
    's3:x-amz-server-side-encryption',
    's3:x-amz-server-side-encryption-aws-kms-key-id',
    's3:x-amz-storage-class',
    'sns:Endpoint',
    'sns:Protocol',
    'states:StateMachineQualifier',
  ].map((key) => key.toLowerCase()),
)

/** Why a condition block cannot be judged here, or undefined if it can. */
export function conditionRefusal(conditions: Conditions): string | undefined {
  for (const [operator, keys] of Object.entries(conditions)) {
    if (parseOperator(operator) === undefined) return `the condition operator ${operator} is not supported`
    for (const [key, expected] of Object.entries(keys)) {
      if (!suppliedKeys.has(key.toLowerCase())) return `the condition key ${key} is not supported`
      if (asList(expected).some((value) => value.includes('${'))) {
        return `the policy variable in the condition on ${key} is not supported`
      }
    }
  }
  return undefined
}

/** Whether all conditions hold: operators and keys are joined by "and", the values of one key by "or". */
export function conditionsHold(conditions: Conditions, context: Context): boolean {
  const refusal = conditionRefusal(conditions)
  if (refusal !== undefined) throw new UnsupportedCondition(refusal)
  const actual = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), asList(value)]))
  return Object.entries(conditions).every(([name, keys]) => {
    const holds = parseOperator(name)
    return Object.entries(keys).every(
      ([key, expected]) => holds?.(asList(expected), actual.get(key.toLowerCase())) ?? false,
    )
  })
}

export class UnsupportedCondition extends Error {
  override readonly name = 'UnsupportedCondition'
}

type Operator = (expected: readonly string[], actual: readonly string[] | undefined) => boolean

function parseOperator(name: string): Operator | undefined {
  if (name === 'Null') return (expected, actual) => expected.includes(String(actual === undefined))
  const [quantifier, quantified] = name.split(':', 2)
  if (quantified === undefined) {
    const compare = comparisons[name]
    if (compare === undefined) return undefined
    // An absent key fails every operator but Null.
    return (expected, actual) => actual?.some((value) => anyOf(expected, value, compare)) ?? false
  }
  const compare = setComparisons[quantified]
  if (compare === undefined) return undefined
  if (quantifier === 'ForAnyValue') {
    return (expected, actual) => actual?.some((value) => anyOf(expected, value, compare)) ?? false
  }
  // As on AWS, ForAllValues holds when the request has no such key at all.
  if (quantifier === 'ForAllValues') {
    return (expected, actual) => actual?.every((value) => anyOf(expected, value, compare)) ?? true
  }
  return undefined
}

const anyOf = (expected: readonly string[], actual: string, compare: Compare): boolean =>
  expected.some((value) => compare(value, actual))

const asList = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value
