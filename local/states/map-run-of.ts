import { mapRunArn, unqualified } from './arns.ts'
import type { Distribution, MapState } from './definition.ts'
import { StateFailure } from './errors.ts'
import { happened } from './history.ts'
import { mapItems } from './item-reader.ts'
import type { MapRun, MapRunPlan } from './map-run.ts'
import type { FlowScope } from './scope.ts'

/**
 * The Map Run of a state, begun where there is none yet. The state knows its name before it is on disk: a kill in
 * between leaves no run behind that nobody would ever end.
 */
export async function mapRunOf(
  scope: FlowScope,
  state: MapState,
  distributed: Distribution,
): Promise<MapRun> {
  const { runtime, step } = scope
  const known = step.mapRun === undefined ? undefined : runtime.mapRun(step.mapRun)
  const run = known ?? (await begin(scope, state, distributed))
  if (known === undefined || step.redriven === undefined) {
    const started = happened('MapStateStarted', { length: run.facts.items })
    const details = { mapRunArn: run.facts.arn }
    scope.progress({ redriven: false }, { events: [started, happened('MapRunStarted', details)] })
  } else if (step.redriven) await redrive(scope, run)
  return run
}

async function begin(scope: FlowScope, state: MapState, distributed: Distribution): Promise<MapRun> {
  const { runtime, execution, step } = scope
  const { roleArn, machineArn } = execution.facts
  await allowed(scope, { roleArn, action: 'states:StartExecution', resource: unqualified(machineArn) })
  const whole = async (template: number | string | undefined, field: string, most: number) =>
    template === undefined
      ? null
      : scope.number(template, field, 0, most, field !== 'ToleratedFailurePercentage')
  const plan: MapRunPlan = {
    type: distributed.executionType,
    maxConcurrency: (await whole(state.maxConcurrency, 'MaxConcurrency', 100_000_000)) ?? 0,
    toleratedCount: await whole(distributed.toleratedCount, 'ToleratedFailureCount', 10_000_000),
    toleratedPercentage: await whole(distributed.toleratedPercentage, 'ToleratedFailurePercentage', 100),
  }
  const arn = step.mapRun ?? mapRunArn(machineArn, distributed.label, runtime.ports.newId())
  scope.progress({ mapRun: arn })
  return runtime.openMapRun(execution, arn, plan, mapItems(scope, state, distributed))
}

async function redrive(scope: FlowScope, run: MapRun): Promise<void> {
  const child = run.children.find((one) => one !== undefined && one.facts.status !== 'SUCCEEDED')
  const { roleArn } = scope.execution.facts
  const resource = child?.facts.arn ?? run.facts.arn
  await allowed(scope, { roleArn, action: 'states:RedriveExecution', resource })
  const redriveCount = run.facts.redriveCount + 1
  run.write({
    status: 'RUNNING',
    failure: null,
    stopDate: null,
    redriveCount,
    redriveDate: scope.now(),
    resultsWritten: false,
  })
  const details = { mapRunArn: run.facts.arn, redriveCount }
  scope.progress({ redriven: false }, { events: [happened('MapRunRedriven', details)] })
}

async function allowed(scope: FlowScope, request: { roleArn: string; action: string; resource: string }) {
  try {
    await scope.runtime.ports.authorize(request)
  } catch (error) {
    throw new StateFailure('States.Permissions', error instanceof Error ? error.message : String(error))
  }
}
