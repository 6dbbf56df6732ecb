import { runChoice } from './choice.ts'
import type { State } from './definition.ts'
import { Interrupted, StateFailure } from './errors.ts'
import type { Json } from './json.ts'
import { runDistributedMap } from './map-distributed.ts'
import { runInlineMap } from './map-inline.ts'
import { runParallel } from './parallel.ts'
import { matches, planRetry } from './retry.ts'
import type { Done, FlowScope, Transition } from './scope.ts'
import { runTask } from './task.ts'
import { fail } from './fail.ts'
import { runWait } from './wait.ts'

/** Runs the state until it is left: by its own way, by a Catcher, or by a failure that nothing handles. */
export async function runState(scope: FlowScope, state: State): Promise<Transition> {
  for (;;) {
    try {
      if (scope.step.retryAt !== undefined) await scope.sleepUntil(scope.step.retryAt)
      return await attempt(scope, state)
    } catch (error) {
      const caught = await handle(scope, state, failureOf(scope, error))
      if (caught !== undefined) return caught
    }
  }
}

async function attempt(scope: FlowScope, state: State): Promise<Transition> {
  if (state.type === 'Choice') return runChoice(scope, state)
  if (state.type === 'Fail') return fail(scope, state)
  const { result, events = [] } = await work(scope, state)
  const { input } = scope.record
  try {
    const extra = result === undefined ? {} : { result }
    const concluded = await scope.conclude(state, extra, result ?? input)
    return { next: state.type === 'Succeed' ? undefined : state.next, events, ...concluded }
  } catch (error) {
    if (error instanceof StateFailure) error.events.unshift(...events)
    throw error
  }
}

async function work(scope: FlowScope, state: Exclude<State, { type: 'Choice' | 'Fail' }>): Promise<Done> {
  switch (state.type) {
    case 'Task':
      return runTask(scope, state)
    case 'Wait':
      return runWait(scope, state)
    case 'Parallel':
      return runParallel(scope, state)
    case 'Map':
      return state.distributed === undefined
        ? runInlineMap(scope, state)
        : runDistributedMap(scope, state, state.distributed)
    case 'Pass':
    case 'Succeed':
      return {}
  }
}

/** Retries (returns undefined), or goes on with a Catcher, or throws. */
async function handle(
  scope: FlowScope,
  state: State,
  failure: StateFailure,
): Promise<Transition | undefined> {
  if (!('retry' in state)) throw located(scope, failure)
  const retry = planRetry(state.retry, scope.step.retries ?? [], failure.error, () =>
    scope.runtime.ports.random(),
  )
  if (retry !== undefined) {
    const step = { retries: retry.retries, retryCount: (scope.step.retryCount ?? 0) + 1 }
    const retryAt = scope.now() + retry.delayMilliseconds
    scope.write({ v: { step: { ...step, retryAt } }, drop: scope.id, events: failure.events })
    return undefined
  }
  const catcher = state.catch.find((one) => matches(one.errorEquals, failure.error))
  if (catcher === undefined) throw located(scope, failure)
  const { error, reason } = located(scope, failure)
  const errorOutput: Json = { Error: error, ...(reason === undefined ? {} : { Cause: reason }) }
  try {
    const concluded = await scope.conclude(catcher, { errorOutput }, errorOutput)
    return { next: catcher.next, events: failure.events, ...concluded }
  } catch (second) {
    const worse = failureOf(scope, second)
    throw located(scope, new StateFailure(worse.error, worse.reason, [...failure.events, ...worse.events]))
  }
}

// What is not a failure of the state is a fault of the engine or of a port: it fails the execution, and is reported.
function failureOf(scope: FlowScope, error: unknown): StateFailure {
  if (scope.signal.aborted || error instanceof Interrupted) throw new Interrupted('interrupted')
  if (error instanceof StateFailure) return error
  const problem = error instanceof Error ? error : new Error(String(error))
  scope.runtime.ports.report(problem)
  return new StateFailure('States.Runtime', problem.message)
}

// The causes that the interpreter itself gives name the state, as those of AWS do.
function located(scope: FlowScope, failure: StateFailure): StateFailure {
  if (failure.error !== 'States.QueryEvaluationError' && failure.error !== 'States.Runtime') return failure
  if (failure.reason?.startsWith('An error occurred while executing the state') ?? false) return failure
  const { state, enteredEvent } = scope.record
  const where = `An error occurred while executing the state '${state}' (entered at the event id #${enteredEvent}).`
  return new StateFailure(failure.error, `${where} ${failure.reason ?? ''}`.trimEnd(), failure.events)
}
