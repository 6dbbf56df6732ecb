import type { State, StateList } from './definition.ts'
import { InvalidDefinition } from './errors.ts'

/**
 * Holds the scopes of workflow variables: states within an inline Map or a Parallel read the variables outside but
 * cannot assign them; a distributed Map begins a scope of its own (States Language, 'Workflow Variables', scope).
 */
export function checkVariableNames(
  list: StateList,
  outer: ReadonlySet<string> = new Set(),
  path = 'States',
): void {
  const here = new Set(outer)
  for (const state of list.states.values()) {
    for (const name of assignedBy(state)) {
      if (outer.has(name)) {
        throw new InvalidDefinition(
          `${path}.${state.name}.Assign.${name}`,
          'an outer state assigns this variable, an inner one cannot',
        )
      }
      here.add(name)
    }
  }
  for (const state of list.states.values()) {
    const at = `${path}.${state.name}`
    if (state.type === 'Map') {
      const inner = state.distributed === undefined ? here : new Set<string>()
      checkVariableNames(state.processor, inner, `${at}.ItemProcessor.States`)
    }
    if (state.type === 'Parallel') {
      state.branches.forEach((branch, index) =>
        checkVariableNames(branch, here, `${at}.Branches[${index}].States`),
      )
    }
  }
}

function assignedBy(state: State): string[] {
  const all = [state.assign]
  if (state.type === 'Choice') all.push(...state.choices.map((rule) => rule.assign))
  if ('catch' in state) all.push(...state.catch.map((catcher) => catcher.assign))
  return all.flatMap((assign) => Object.keys(assign ?? {}))
}
