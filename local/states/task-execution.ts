import { executionArn, unqualified } from './arns.ts'
import type { TaskState } from './definition.ts'
import { ApiError, StateFailure } from './errors.ts'
import type { Execution } from './execution.ts'
import { happened } from './history.ts'
import { isObject, parseJson, type Json, type JsonObject } from './json.ts'
import type { TaskProgress } from './record.ts'
import type { FlowScope } from './scope.ts'
import { kind } from './task-kind.ts'
import { beforeDeadline, serviceFailure } from './task-deadline.ts'

/** states:startExecution, and .sync:2, which waits and gives the child's Output as JSON. */
export async function runNested(
  scope: FlowScope,
  state: TaskState,
  task: TaskProgress,
  sync: boolean,
): Promise<Json> {
  let child: Execution | undefined
  try {
    return await beforeDeadline(scope, task, async () => {
      child = await start(scope, state, task, sync)
      if (!sync) return { ExecutionArn: child.facts.arn, StartDate: child.facts.startDate }
      return resultOf(await scope.runtime.ended(child.facts.arn))
    })
  } catch (error) {
    // A task that ends early takes its child along; the engine's own end does not.
    if (sync && child?.facts.status === 'RUNNING' && !scope.runtime.closing.aborted) await stop(scope, child)
    throw serviceFailure(error)
  }
}

/** Where the role may not stop it, the child goes on by itself, and nothing fails. */
async function stop({ runtime, execution }: FlowScope, child: Execution): Promise<void> {
  const { roleArn } = execution.facts
  try {
    await runtime.ports.authorize({ roleArn, action: 'states:StopExecution', resource: child.facts.arn })
    if (child.facts.status === 'RUNNING') runtime.abort(child)
  } catch (error) {
    runtime.ports.report(error instanceof Error ? error : new Error(String(error)))
  }
}

async function start(
  scope: FlowScope,
  state: TaskState,
  task: TaskProgress,
  sync: boolean,
): Promise<Execution> {
  const { machineArn, name, input } = readArguments(task)
  const { runtime, execution } = scope
  const { roleArn } = execution.facts
  try {
    await runtime.ports.authorize({ roleArn, action: 'states:StartExecution', resource: machineArn })
    if (sync) {
      const resource = executionArn(machineArn, name)
      await runtime.ports.authorize({ roleArn, action: 'states:DescribeExecution', resource })
    }
    if (scope.signal.aborted) throw new StateFailure('States.Runtime', 'interrupted')
    const child = runtime.startNested({ machineArn, name, input, startedBy: task.id })
    if (sync && task.submitted !== true) submitted(scope, state, task, child)
    return child
  } catch (error) {
    if (error instanceof ApiError)
      throw new StateFailure(`StepFunctions.${error.type}Exception`, error.message)
    throw error
  }
}

function submitted(scope: FlowScope, state: TaskState, task: TaskProgress, child: Execution): void {
  const output = { ExecutionArn: child.facts.arn, StartDate: child.facts.startDate }
  const details = { ...kind(state), output: JSON.stringify(output), outputDetails: { truncated: false } }
  const progress = { task: { ...task, submitted: true, childArn: child.facts.arn } }
  scope.progress(progress, { events: [happened('TaskSubmitted', details)] })
}

function readArguments(task: TaskProgress): { machineArn: string; name: string; input: Json } {
  const {
    StateMachineArn,
    Input = {},
    Name = task.id,
    ...more
  } = isObject(task.arguments) ? task.arguments : {}
  const unknown = Object.keys(more)[0]
  if (unknown !== undefined)
    throw new StateFailure('States.Runtime', `startExecution: '${unknown}' is not supported`)
  if (typeof StateMachineArn !== 'string' || typeof Name !== 'string') {
    throw new StateFailure(
      'States.Runtime',
      'startExecution needs a StateMachineArn, and a Name that is a string',
    )
  }
  return { machineArn: StateMachineArn, name: Name, input: typeof Input === 'string' ? jsonOf(Input) : Input }
}

function jsonOf(text: string): Json {
  try {
    return parseJson(text)
  } catch (error) {
    throw new StateFailure(
      'StepFunctions.InvalidExecutionInputException',
      error instanceof Error ? error.message : '',
    )
  }
}

function resultOf({ facts }: Execution): Json {
  const described: JsonObject = {
    ExecutionArn: facts.arn,
    Input: facts.input,
    InputDetails: { Included: true },
    Name: facts.name,
    StartDate: facts.startDate,
    StateMachineArn: unqualified(facts.machineArn),
    Status: facts.status,
    ...(facts.versionArn === null ? {} : { StateMachineVersionArn: facts.versionArn }),
    ...(facts.stopDate === null ? {} : { StopDate: facts.stopDate }),
  }
  if (facts.status === 'SUCCEEDED') {
    return { ...described, Output: facts.output, OutputDetails: { Included: true } }
  }
  const error = {
    ...(facts.error === null ? {} : { Error: facts.error }),
    ...(facts.cause === null ? {} : { Cause: facts.cause }),
  }
  const cause = { ...described, Input: JSON.stringify(facts.input), ...error }
  throw new StateFailure('States.TaskFailed', JSON.stringify(cause))
}
