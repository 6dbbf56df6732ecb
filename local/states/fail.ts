import type { FailState } from './definition.ts'
import { StateFailure } from './errors.ts'
import { wrongType } from './jsonata.ts'
import type { FlowScope } from './scope.ts'

/** Fail: ends the flow with Error and Cause. */
export async function fail(scope: FlowScope, state: FailState): Promise<never> {
  const error = await text(scope, state.error, 'Error')
  throw new StateFailure(error ?? '', await text(scope, state.cause, 'Cause'))
}

async function text(
  scope: FlowScope,
  template: string | undefined,
  field: string,
): Promise<string | undefined> {
  if (template === undefined) return undefined
  const value = await scope.evaluate(template, field)
  if (typeof value !== 'string') throw wrongType(scope.expressionScope(), field, template, 'string')
  return value
}
