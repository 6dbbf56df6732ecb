import type { TaskState } from './definition.ts'
import { StateFailure } from './errors.ts'
import { failed, happened, type EventDraft } from './history.ts'
import type { Json } from './json.ts'
import { wrongType } from './jsonata.ts'
import { holdPayloadLimit } from './limits.ts'
import { parseArn } from './arns.ts'
import type { TaskProgress } from './record.ts'
import type { Done, FlowScope } from './scope.ts'
import { kind } from './task-kind.ts'
import { runCallback, runFunction } from './task-lambda.ts'
import { runNested } from './task-execution.ts'
import { runService } from './task-service.ts'
import { newToken } from './token.ts'

/** Task: calls its resource. A task that was in flight before a restart is called again with the same arguments. */
export async function runTask(scope: FlowScope, state: TaskState): Promise<Done> {
  if (scope.step.task === undefined) await schedule(scope, state)
  const { task } = scope.step
  if (task === undefined) throw new Error(`The task of '${state.name}' was not scheduled`)
  try {
    const result = await call(scope, state, task)
    holdPayloadLimit(result, state.name)
    const output = { ...kind(state), output: JSON.stringify(result), outputDetails: { truncated: false } }
    return { result, events: [happened('TaskSucceeded', output)] }
  } catch (error) {
    if (error instanceof StateFailure) error.events.push(failureEvent(state, error))
    throw error
  }
}

function call(scope: FlowScope, state: TaskState, task: TaskProgress): Promise<Json> {
  const { integration } = state
  switch (integration.kind) {
    case 'lambda':
      return integration.token ? runCallback(scope, state, task) : runFunction(scope, task)
    case 'execution':
      return runNested(scope, state, task, integration.sync)
    case 'service':
      return runService(scope, integration, task)
  }
}

async function schedule(scope: FlowScope, state: TaskState): Promise<void> {
  const id = scope.runtime.ports.newId()
  const waits = state.integration.kind === 'lambda' && state.integration.token
  const token = waits ? newToken(scope.execution.facts.arn, scope.id, id) : undefined
  const given = await scope.evaluate(state.arguments ?? {}, 'Arguments', token === undefined ? {} : { token })
  holdPayloadLimit(given, state.name)
  const timeoutSeconds = await seconds(scope, state.timeoutSeconds, 'TimeoutSeconds')
  const heartbeatSeconds = await seconds(scope, state.heartbeatSeconds, 'HeartbeatSeconds')
  if (timeoutSeconds !== undefined && heartbeatSeconds !== undefined && heartbeatSeconds >= timeoutSeconds) {
    throw wrongType(
      scope.expressionScope(),
      'HeartbeatSeconds',
      state.heartbeatSeconds ?? '',
      'number below TimeoutSeconds',
    )
  }
  const now = scope.now()
  const deadline = timeoutSeconds === undefined ? undefined : now + timeoutSeconds * 1000
  const heartbeatDeadline = heartbeatSeconds === undefined ? undefined : now + heartbeatSeconds * 1000
  const task = { id, arguments: given, token, timeoutSeconds, deadline, heartbeatSeconds, heartbeatDeadline }
  scope.progress({ task, retryAt: undefined }, { events: scheduled(scope, state, task) })
}

async function seconds(scope: FlowScope, template: number | string | undefined, field: string) {
  return template === undefined ? undefined : scope.number(template, field, 1, 99_999_999)
}

function scheduled(scope: FlowScope, state: TaskState, task: TaskProgress): EventDraft[] {
  const details = {
    ...kind(state),
    region: parseArn(scope.execution.facts.machineArn).region,
    parameters: JSON.stringify(task.arguments),
    ...(task.timeoutSeconds === undefined ? {} : { timeoutInSeconds: task.timeoutSeconds }),
    ...(task.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: task.heartbeatSeconds }),
  }
  return [happened('TaskScheduled', details), happened('TaskStarted', kind(state))]
}

function failureEvent(state: TaskState, { error, reason }: StateFailure): EventDraft {
  const timedOut = error === 'States.Timeout' || error === 'States.HeartbeatTimeout'
  return failed(timedOut ? 'TaskTimedOut' : 'TaskFailed', error, reason, kind(state))
}
