import type { ParallelState } from './definition.ts'
import { StateFailure } from './errors.ts'
import { happened } from './history.ts'
import { runAll } from './interruption.ts'
import type { Json } from './json.ts'
import { holdPayloadLimit } from './limits.ts'
import { runFlow } from './flow.ts'
import type { Done, FlowScope } from './scope.ts'

/** Parallel: all branches at once, each with the same input; the result is the list of their outputs. */
export async function runParallel(scope: FlowScope, state: ParallelState): Promise<Done> {
  if (scope.step.items === undefined) {
    const given = state.arguments
    const items = given === undefined ? scope.record.input : await scope.evaluate(given, 'Arguments')
    holdPayloadLimit(items, state.name)
    scope.progress({ items }, { events: [happened('ParallelStateStarted')] })
  }
  const input = scope.step.items ?? null
  const outputs: Json[] = []
  try {
    await runAll(state.branches.length, 0, scope.signal, async (index, signal) => {
      const branch = state.branches[index]
      if (branch === undefined) return
      outputs[index] = await runFlow(scope.inner(index, branch, signal), () => input, { failing: () => [] })
    })
    holdPayloadLimit(outputs, state.name)
  } catch (error) {
    if (error instanceof StateFailure) error.events.push(happened('ParallelStateFailed'))
    throw error
  }
  return { result: outputs, events: [happened('ParallelStateSucceeded')] }
}
