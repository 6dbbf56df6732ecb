import type { Distribution, MapState } from './definition.ts'
import { Interrupted, StateFailure } from './errors.ts'
import type { Execution } from './execution.ts'
import { failed, happened } from './history.ts'
import { runAll } from './interruption.ts'
import type { Json } from './json.ts'
import { MAX_HISTORY_EVENTS, holdPayloadLimit } from './limits.ts'
import type { MapRun } from './map-run.ts'
import { mapRunOf } from './map-run-of.ts'
import { reopen } from './redrive.ts'
import { collectResults, writeResults } from './result-writer.ts'
import type { Done, FlowScope } from './scope.ts'

/** Map, distributed: a Map Run whose children are executions of their own. */
export async function runDistributedMap(
  scope: FlowScope,
  state: MapState,
  distributed: Distribution,
): Promise<Done> {
  const run = await mapRunOf(scope, state, distributed).catch((error: unknown) => {
    if (error instanceof StateFailure) error.events.push(happened('MapStateFailed'))
    throw error
  })
  if (run.facts.failure !== null) throw runFailure(run.facts.failure.error, run.facts.failure.cause)
  if (run.facts.status === 'RUNNING') await runChildren(scope, state, run)
  const result = await finish(scope, state, distributed, run)
  return { result, events: [happened('MapRunSucceeded'), happened('MapStateSucceeded')] }
}

async function runChildren(scope: FlowScope, state: MapState, run: MapRun): Promise<void> {
  // Those that a restart interrupted hold places already, so they come before new ones.
  const begun = (index: number) => (run.children[index]?.facts.status === 'RUNNING' ? 0 : 1)
  const open = Array.from({ length: run.facts.children }, (_, index) => index)
    .filter((index) => !isOver(run, run.children[index]))
    .sort((one, other) => begun(one) - begun(other))
  try {
    holdTolerance(run)
    await runAll(open.length, run.facts.plan.maxConcurrency, scope.signal, async (at, signal) => {
      const index = open[at] ?? 0
      const child = childToRun(scope, run, index)
      await scope.runtime.drive(child, state.processor, scope.definition, signal)
      if (child.facts.status !== 'SUCCEEDED') holdTolerance(run)
    })
  } catch (error) {
    if (error instanceof Interrupted && !scope.runtime.closing.aborted) run.end('ABORTED')
    if (!(error instanceof StateFailure)) throw error
    await finishFailed(scope, state, run, error)
    throw error
  }
}

/** Whether nothing is left to do for the child: it succeeded, or it failed in this round already. */
function isOver(run: MapRun, child: Execution | undefined): boolean {
  if (child === undefined || child.facts.status === 'RUNNING') return false
  return (
    child.facts.status === 'SUCCEEDED' || child.facts.round === run.facts.redriveCount || isTooLong(child)
  )
}

// A child with a full history cannot be redriven; it stays failed.
function isTooLong(child: Execution): boolean {
  return child.facts.type === 'STANDARD' && child.eventCount >= MAX_HISTORY_EVENTS - 1
}

function childToRun(scope: FlowScope, run: MapRun, index: number): Execution {
  const known = run.children[index]
  if (known?.facts.status === 'RUNNING') return known
  // An Express child has no history to go on from: it is started anew.
  if (known === undefined || known.facts.type === 'EXPRESS') return scope.runtime.newChild(run, index)
  reopen(known, scope.now(), run.facts.redriveCount)
  return known
}

function holdTolerance(run: MapRun): void {
  const { toleratedCount, toleratedPercentage } = run.facts.plan
  const failed = run.children.reduce((sum, child) => {
    const status = child?.facts.status
    const over =
      child !== undefined && (status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED')
    return sum + (over && isOver(run, child) ? child.facts.itemCount : 0)
  }, 0)
  const count = toleratedCount ?? (toleratedPercentage === null ? 0 : Infinity)
  const percentage = run.facts.items === 0 ? 0 : (failed / run.facts.items) * 100
  if (failed > count || percentage > (toleratedPercentage ?? 100)) throw exceeded()
}

function exceeded(): StateFailure {
  const cause = 'The specified tolerated failure threshold was exceeded'
  return runFailure('States.ExceedToleratedFailureThreshold', cause)
}

function runFailure(error: string, cause: string | undefined): StateFailure {
  return new StateFailure(error, cause, [failed('MapRunFailed', error, cause), happened('MapStateFailed')])
}

async function finish(
  scope: FlowScope,
  state: MapState,
  distributed: Distribution,
  run: MapRun,
): Promise<Json> {
  try {
    const written = await write(scope, distributed, run)
    const result = written ?? collectResults(run)
    holdPayloadLimit(result, state.name)
    if (run.facts.status === 'RUNNING') run.end('SUCCEEDED')
    return result
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error
    run.end('FAILED', { error: error.error, cause: error.reason })
    throw runFailure(error.error, error.reason)
  }
}

// The results of a run that failed are written too; that it failed is the error all the same.
async function finishFailed(
  scope: FlowScope,
  state: MapState,
  run: MapRun,
  failure: StateFailure,
): Promise<void> {
  try {
    if (state.distributed !== undefined) await write(scope, state.distributed, run)
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error
    scope.runtime.ports.report(error)
  } finally {
    if (!scope.runtime.closing.aborted) run.end('FAILED', { error: failure.error, cause: failure.reason })
  }
}

async function write(scope: FlowScope, { writer }: Distribution, run: MapRun): Promise<Json | undefined> {
  if (writer === undefined) return undefined
  const written = await writeResults(scope, writer, run)
  run.write({ resultsWritten: true })
  return written
}
