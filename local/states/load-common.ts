import type { Catcher, Retrier, Template } from './definition.ts'
import { InvalidDefinition, UnsupportedFeature } from './errors.ts'
import type { Fields } from './fields.ts'
import type { JsonObject } from './json.ts'

// Appendix A of the States Language, without the names that only JSONPath states can raise.
const reserved = new Set([
  'States.ALL',
  'States.Timeout',
  'States.HeartbeatTimeout',
  'States.TaskFailed',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.NoChoiceMatched',
  'States.ExceedToleratedFailureThreshold',
  'States.ItemReaderFailed',
  'States.ResultWriterFailed',
  'States.DataLimitExceeded',
  'States.Runtime',
])

/** Output and Assign of a state, a Choice rule or a Catcher. */
export function loadOutcome(fields: Fields): {
  output: Template | undefined
  assign: JsonObject | undefined
} {
  const assign = fields.objectTemplate('Assign')
  for (const name of Object.keys(assign ?? {})) checkVariableName(name, `${fields.at('Assign')}.${name}`)
  return { output: fields.template('Output'), assign }
}

/** What all states share that go on: Output, Assign, and exactly one of Next and End. */
export function loadFlowing(fields: Fields) {
  const next = fields.text('Next')
  const end = fields.take('End')
  if (end !== undefined && typeof end !== 'boolean')
    throw new InvalidDefinition(fields.at('End'), 'must be a boolean')
  if ((next === undefined) === (end !== true)) {
    throw new InvalidDefinition(fields.path, 'must have exactly one of Next and End')
  }
  return { ...loadOutcome(fields), next }
}

/** What Task, Parallel and Map share: also Retry and Catch. */
export function loadFailing(fields: Fields) {
  const retry = fields.list('Retry').map(loadRetrier)
  const caught = fields.list('Catch').map(loadCatcher)
  holdWildcardLast(retry, fields.at('Retry'))
  holdWildcardLast(caught, fields.at('Catch'))
  return { ...loadFlowing(fields), retry, catch: caught }
}

function loadRetrier(fields: Fields): Retrier {
  fields.text('Comment')
  const seconds = { least: 1, most: 99_999_999 }
  const retrier = {
    errorEquals: loadErrorNames(fields),
    intervalSeconds: fields.number('IntervalSeconds', seconds) ?? 1,
    maxAttempts: fields.number('MaxAttempts', { least: 0, most: 99_999_999 }) ?? 3,
    backoffRate: fields.number('BackoffRate', { least: 1, most: Number.MAX_VALUE, fraction: true }) ?? 2,
    maxDelaySeconds: fields.number('MaxDelaySeconds', { least: 1, most: 31_622_400 }),
    jitter: fields.choice('JitterStrategy', ['FULL', 'NONE']) ?? 'NONE',
  }
  if (retrier.maxDelaySeconds !== undefined && retrier.maxDelaySeconds <= retrier.intervalSeconds) {
    throw new InvalidDefinition(fields.at('MaxDelaySeconds'), 'must be greater than IntervalSeconds')
  }
  fields.done('a Retrier')
  return retrier
}

function loadCatcher(fields: Fields): Catcher {
  fields.text('Comment')
  const catcher = {
    errorEquals: loadErrorNames(fields),
    next: fields.requiredText('Next'),
    ...loadOutcome(fields),
  }
  fields.done('a Catcher')
  return catcher
}

function loadErrorNames(fields: Fields): string[] {
  const path = fields.at('ErrorEquals')
  const names = fields.take('ErrorEquals')
  if (!Array.isArray(names) || names.length === 0)
    throw new InvalidDefinition(path, 'must be a non-empty array')
  return names.map((name) => {
    if (typeof name !== 'string') throw new InvalidDefinition(path, 'must hold strings')
    if (name.startsWith('States.') && !reserved.has(name)) {
      throw new UnsupportedFeature(path, `'${name}' is never raised here`)
    }
    if (name === 'States.ALL' && names.length > 1)
      throw new InvalidDefinition(path, 'States.ALL must stand alone')
    return name
  })
}

function holdWildcardLast(list: { errorEquals: string[] }[], path: string): void {
  const wildcard = list.findIndex((one) => one.errorEquals.includes('States.ALL'))
  if (wildcard >= 0 && wildcard < list.length - 1) {
    throw new InvalidDefinition(`${path}[${wildcard}]`, 'States.ALL must be in the last one')
  }
}

function checkVariableName(name: string, path: string): void {
  if (name === 'states') throw new InvalidDefinition(path, 'states is reserved')
  if (!/^[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u.test(name)) {
    throw new InvalidDefinition(path, 'must be an identifier of at most 80 characters')
  }
}
