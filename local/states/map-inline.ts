import type { MapState } from './definition.ts'
import { StateFailure } from './errors.ts'
import { runFlow } from './flow.ts'
import { happened } from './history.ts'
import { runAll } from './interruption.ts'
import type { Json } from './json.ts'
import { wrongType } from './jsonata.ts'
import { holdPayloadLimit } from './limits.ts'
import type { Done, FlowScope } from './scope.ts'

/** The items of a Map: the array that Items yields, else the state's input. */
export async function itemsOf(scope: FlowScope, state: MapState): Promise<Json[]> {
  const items = state.items === undefined ? scope.record.input : await scope.evaluate(state.items, 'Items')
  if (!Array.isArray(items)) throw wrongType(scope.expressionScope(), 'Items', state.items ?? '', 'array')
  return items
}

/** The input of one iteration: the item, or what ItemSelector makes of it. */
export async function selected(scope: FlowScope, state: MapState, index: number, value: Json): Promise<Json> {
  if (state.itemSelector === undefined) return value
  return scope.evaluate(state.itemSelector, 'ItemSelector', { item: { index, value } })
}

/** Map, inline: one flow for each item, at most MaxConcurrency at once; the result is the list of their outputs. */
export async function runInlineMap(scope: FlowScope, state: MapState): Promise<Done> {
  if (scope.step.items === undefined) {
    const items = await itemsOf(scope, state)
    holdPayloadLimit(items, state.name)
    const maxConcurrency = await scope.number(state.maxConcurrency, 'MaxConcurrency', 0, 100_000_000)
    const events = [happened('MapStateStarted', { length: items.length })]
    scope.progress({ items, maxConcurrency }, { events })
  }
  const { items, maxConcurrency = 0 } = scope.step
  const values = Array.isArray(items) ? items : []
  const outputs: Json[] = []
  try {
    await runAll(values.length, maxConcurrency, scope.signal, async (index, signal) => {
      outputs[index] = await iterate(scope, state, index, values[index] ?? null, signal)
    })
    holdPayloadLimit(outputs, state.name)
  } catch (error) {
    if (error instanceof StateFailure) error.events.push(happened('MapStateFailed'))
    throw error
  }
  return { result: outputs, events: [happened('MapStateSucceeded')] }
}

async function iterate(scope: FlowScope, state: MapState, index: number, value: Json, signal: AbortSignal) {
  const flow = scope.inner(index, state.processor, signal, { index, value })
  const known = scope.execution.flow(flow.id)
  const input = known === undefined ? await selected(scope, state, index, value) : null
  if (known === undefined) holdPayloadLimit(input, state.name)
  const details = { name: state.name, index }
  return runFlow(flow, () => input, {
    opening: [happened('MapIterationStarted', details)],
    closing: () => ({ events: [happened('MapIterationSucceeded', details)] }),
    failing: () => [happened('MapIterationFailed', details)],
  })
}
