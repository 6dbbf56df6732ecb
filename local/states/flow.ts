import { StateFailure } from './errors.ts'
import { entered, exited, type EventDraft } from './history.ts'
import type { Json, JsonObject } from './json.ts'
import type { Change } from './record.ts'
import { currentState, type FlowScope } from './scope.ts'

/** What is written around a flow: events before its first state, and the change that ends it. */
export interface Framing {
  opening?: EventDraft[]
  closing?: (output: Json) => Pick<Change, 'x' | 'events'>
  failing?: (failure: StateFailure) => EventDraft[]
}

/**
 * Runs a flow of states to its end and returns its output. A flow that has begun before goes on in the state where it
 * stands; one that has ended returns, or throws, what it ended with.
 */
export async function runFlow(scope: FlowScope, input: () => Json, framing: Framing = {}): Promise<Json> {
  const known = scope.execution.flow(scope.id)
  if (known?.outcome) return outcomeOf(known.outcome)
  if (known === undefined || known.state === '')
    enter(scope, scope.list.startAt, input(), framing.opening ?? [])
  try {
    return await runStates(scope, framing)
  } catch (error) {
    if (error instanceof StateFailure && framing.failing !== undefined && !scope.signal.aborted) {
      const outcome = { error: error.error, cause: error.reason }
      scope.write({ v: { outcome }, events: [...error.events, ...framing.failing(error)] })
      throw new StateFailure(error.error, error.reason)
    }
    throw error
  }
}

async function runStates(scope: FlowScope, framing: Framing): Promise<Json> {
  for (;;) {
    const state = currentState(scope)
    const { next, output, assigned, events } = await scope.runState(scope, state)
    const left = [...events, exited(state.type, state.name, output, assigned)]
    const drop = state.type === 'Map' || state.type === 'Parallel' ? scope.id : undefined
    if (next !== undefined) {
      enter(scope, next, output, left, assigned, drop)
      continue
    }
    const closing = framing.closing?.(output) ?? {}
    const v = { outcome: { output }, step: {}, input: null, variables: {} }
    scope.write({ x: closing.x, v, drop, events: [...left, ...(closing.events ?? [])] })
    return output
  }
}

function enter(
  scope: FlowScope,
  name: string,
  input: Json,
  before: EventDraft[],
  assign: JsonObject = {},
  drop?: string,
): void {
  const type = scope.list.states.get(name)?.type ?? 'Fail'
  const position = { state: name, input, enteredAt: scope.now(), step: {}, outcome: null }
  scope.write({ v: position, assign, drop, events: [...before, entered(type, name, input)] })
}

function outcomeOf(outcome: { output: Json } | { error: string; cause?: string | undefined }): Json {
  if ('error' in outcome) throw new StateFailure(outcome.error, outcome.cause)
  return outcome.output
}
