import type {
  ChoiceState,
  FailState,
  ParallelState,
  PassState,
  StateList,
  SucceedState,
  WaitState,
} from './definition.ts'
import { InvalidDefinition } from './errors.ts'
import { isExpression } from './expressions.ts'
import type { Fields } from './fields.ts'
import { loadFailing, loadFlowing, loadOutcome } from './load-common.ts'

/** Choice: rules with Condition, Next, Assign, Output; Default, and Assign and Output that go with it. */
export function loadChoice(name: string, fields: Fields): ChoiceState {
  const choices = fields.list('Choices').map((rule) => {
    const condition = rule.requiredText('Condition')
    if (!isExpression(condition, rule.at('Condition'))) {
      throw new InvalidDefinition(rule.at('Condition'), 'must be a JSONata expression')
    }
    rule.template('Condition')
    rule.text('Comment')
    const loaded = { condition, next: rule.requiredText('Next'), ...loadOutcome(rule) }
    rule.done('a rule of a Choice')
    return loaded
  })
  if (choices.length === 0) throw new InvalidDefinition(fields.at('Choices'), 'is required')
  return { type: 'Choice', name, choices, default: fields.text('Default'), ...loadOutcome(fields) }
}

/** Wait: exactly one of Seconds and Timestamp. */
export function loadWait(name: string, fields: Fields): WaitState {
  const seconds = fields.numberOrExpression('Seconds', { least: 0, most: 99_999_999 })
  const timestamp = fields.text('Timestamp')
  if ((seconds === undefined) === (timestamp === undefined)) {
    throw new InvalidDefinition(fields.path, 'must have exactly one of Seconds and Timestamp')
  }
  fields.template('Timestamp')
  if (timestamp !== undefined) {
    if (!isExpression(timestamp) && !isTimestamp(timestamp)) {
      throw new InvalidDefinition(
        fields.at('Timestamp'),
        'must be an RFC 3339 timestamp with T and Z or an offset',
      )
    }
    return { type: 'Wait', name, until: { timestamp }, ...loadFlowing(fields) }
  }
  return { type: 'Wait', name, until: { seconds: seconds ?? 0 }, ...loadFlowing(fields) }
}

/** The profile of RFC 3339 that the States Language asks for: an upper case T, and an upper case Z or an offset. */
export function isTimestamp(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  )
}

/** Pass: Output and Assign. */
export function loadPass(name: string, fields: Fields): PassState {
  return { type: 'Pass', name, ...loadFlowing(fields) }
}

/** Succeed: Output. */
export function loadSucceed(name: string, fields: Fields): SucceedState {
  return { type: 'Succeed', name, output: fields.template('Output'), assign: undefined }
}

/** Fail: Error and Cause, each a string or an expression. */
export function loadFail(name: string, fields: Fields): FailState {
  const [error, cause] = [fields.text('Error'), fields.text('Cause')]
  fields.template('Error')
  fields.template('Cause')
  return { type: 'Fail', name, error, cause, output: undefined, assign: undefined }
}

/** Parallel: Branches, Arguments. */
export function loadParallel(
  name: string,
  fields: Fields,
  loadStateList: (fields: Fields) => StateList,
): ParallelState {
  const branches = fields.list('Branches').map((branch) => {
    branch.text('Comment')
    const list = loadStateList(branch)
    branch.done('a branch of a Parallel')
    return list
  })
  if (branches.length === 0) throw new InvalidDefinition(fields.at('Branches'), 'is required')
  return { type: 'Parallel', name, branches, arguments: fields.template('Arguments'), ...loadFailing(fields) }
}
