import { ApiError } from './errors.ts'
import type { Execution } from './execution.ts'
import type { ExecutionStore } from './execution-store.ts'
import type { Machine } from './machines.ts'
import type { MapRun } from './map-run.ts'

/** Executions of a machine, or of one of its versions only; the newest first. */
export function executionsOf(store: ExecutionStore, { arn, versionArn }: Machine): Execution[] {
  const all = [...store.executions.values()].filter(
    ({ facts }) =>
      facts.mapRunArn === null &&
      facts.machineArn === arn &&
      (versionArn === null || facts.versionArn === versionArn),
  )
  return all.sort(newestFirst)
}

/** Children of a Map Run; the newest first. Express ones cannot be listed. */
export function childrenOf(run: MapRun): Execution[] {
  if (run.facts.plan.type === 'EXPRESS') {
    throw new ApiError('StateMachineTypeNotSupported', 'Express executions cannot be listed')
  }
  return run.children.filter((child) => child !== undefined).sort(newestFirst)
}

/** Map Runs of an execution; the newest first. */
export function mapRunsOf(store: ExecutionStore, executionArn: string): MapRun[] {
  return [...store.mapRuns.values()]
    .filter((run) => run.facts.executionArn === executionArn)
    .sort(newestFirst)
}

function newestFirst(one: { facts: { startDate: number } }, other: { facts: { startDate: number } }): number {
  return other.facts.startDate - one.facts.startDate
}
