import type { ChoiceState } from './definition.ts'
import { StateFailure } from './errors.ts'
import { wrongType } from './jsonata.ts'
import type { FlowScope, Transition } from './scope.ts'

/** Choice: the first rule whose Condition is true, else Default, else States.NoChoiceMatched. */
export async function runChoice(scope: FlowScope, state: ChoiceState): Promise<Transition> {
  const { input } = scope.record
  for (const [index, rule] of state.choices.entries()) {
    const field = `Choices[${index}]/Condition`
    const value = await scope.evaluate(rule.condition, field)
    if (typeof value !== 'boolean') throw wrongType(scope.expressionScope(), field, rule.condition, 'boolean')
    if (value) return { next: rule.next, events: [], ...(await scope.conclude(rule, {}, input)) }
  }
  if (state.default === undefined) {
    throw new StateFailure(
      'States.NoChoiceMatched',
      `No rule of the Choice '${state.name}' matched, and it has no Default.`,
    )
  }
  return { next: state.default, events: [], ...(await scope.conclude(state, {}, input)) }
}
