import type { Execution } from './execution.ts'
import type { HistoryEvent } from './history.ts'
import type { JsonObject } from './json.ts'
import type { Machine } from './machines.ts'
import type { MapRun } from './map-run.ts'
import { countsOf } from './map-run-counts.ts'
import { whyNotRedrivable } from './redrive.ts'

/** A date of the JSON protocol: epoch seconds. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000
}

const included = { included: true }

/** The answer of DescribeExecution. */
export function describeExecution(execution: Execution, now: number, whole: boolean): JsonObject {
  const { facts } = execution
  const data: JsonObject = { input: JSON.stringify(facts.input), inputDetails: included }
  if (facts.status === 'SUCCEEDED')
    Object.assign(data, { output: JSON.stringify(facts.output), outputDetails: included })
  const why = whyNotRedrivable(execution, now)
  const open = facts.mapRunArn === null ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN'
  return {
    ...listedExecution(execution),
    ...(whole ? data : {}),
    ...(facts.error === null ? {} : { error: facts.error }),
    ...(facts.cause === null ? {} : { cause: facts.cause }),
    redriveStatus: why === undefined ? open : 'NOT_REDRIVABLE',
    ...(why === undefined ? {} : { redriveStatusReason: why }),
  }
}

/** One entry of ListExecutions. */
export function listedExecution({ facts }: Execution): JsonObject {
  return {
    executionArn: facts.arn,
    stateMachineArn: facts.mapRunArn === null ? facts.machineArn : ownerOf(facts.arn),
    name: facts.name,
    status: facts.status,
    startDate: seconds(facts.startDate),
    ...(facts.stopDate === null ? {} : { stopDate: seconds(facts.stopDate) }),
    ...(facts.mapRunArn === null ? {} : { mapRunArn: facts.mapRunArn, itemCount: facts.itemCount }),
    ...(facts.versionArn === null ? {} : { stateMachineVersionArn: facts.versionArn }),
    redriveCount: facts.redriveCount,
    ...(facts.redriveDate === null ? {} : { redriveDate: seconds(facts.redriveDate) }),
  }
}

/** The answer of DescribeMapRun. */
export function describeMapRun(run: MapRun): JsonObject {
  const { facts } = run
  return {
    mapRunArn: facts.arn,
    executionArn: facts.executionArn,
    status: facts.status,
    startDate: seconds(facts.startDate),
    ...(facts.stopDate === null ? {} : { stopDate: seconds(facts.stopDate) }),
    maxConcurrency: facts.plan.maxConcurrency,
    toleratedFailurePercentage: facts.plan.toleratedPercentage ?? 0,
    toleratedFailureCount: facts.plan.toleratedCount ?? 0,
    itemCounts: countsOf(run, (child) => child.facts.itemCount, facts.items),
    executionCounts: countsOf(run, () => 1, facts.children),
    redriveCount: facts.redriveCount,
    ...(facts.redriveDate === null ? {} : { redriveDate: seconds(facts.redriveDate) }),
  }
}

/** One entry of ListMapRuns. */
export function listedMapRun({ facts }: MapRun, stateMachineArn: string): JsonObject {
  return {
    executionArn: facts.executionArn,
    mapRunArn: facts.arn,
    stateMachineArn,
    startDate: seconds(facts.startDate),
    ...(facts.stopDate === null ? {} : { stopDate: seconds(facts.stopDate) }),
  }
}

/** One entry of ListStateMachines. */
export function listedMachine({ arn, name, creationDate }: Machine): JsonObject {
  return { stateMachineArn: arn, name, type: 'STANDARD', creationDate: seconds(creationDate) }
}

/** What both descriptions of a state machine have. */
export function definitionFacts(
  stateMachineArn: string,
  name: string,
  definition: string,
  roleArn: string,
): JsonObject {
  return { stateMachineArn, name, definition, roleArn }
}

const dataFields = ['input', 'output', 'parameters', 'assignedVariables']

/** One event of GetExecutionHistory; without execution data its inputs and outputs are left out. */
export function historyEvent({ timestamp, details, ...event }: HistoryEvent, whole: boolean): JsonObject {
  const shown = Object.entries(details ?? {}).map(([name, fields]) => [
    name,
    whole ? fields : withoutData(fields),
  ])
  return { ...event, timestamp: seconds(timestamp), ...(Object.fromEntries(shown) as JsonObject) }
}

function withoutData(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !dataFields.includes(name)))
}

// A child's machine carries the label of the Map: …:stateMachine:name/label.
function ownerOf(executionArn: string): string {
  const parts = executionArn.split(':')
  return [...parts.slice(0, 5), 'stateMachine', parts[6]].join(':')
}
