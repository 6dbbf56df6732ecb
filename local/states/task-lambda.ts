import { StateFailure } from './errors.ts'
import { happened } from './history.ts'
import { isObject, type Json } from './json.ts'
import type { TaskState } from './definition.ts'
import { abortable } from './interruption.ts'
import type { Reply, TaskProgress } from './record.ts'
import type { FlowScope } from './scope.ts'
import { kind } from './task-kind.ts'
import { beforeDeadline, serviceFailure } from './task-deadline.ts'

/** lambda:invoke. The result is `{Payload, StatusCode, ExecutedVersion}`. */
export async function runFunction(scope: FlowScope, task: TaskProgress): Promise<Json> {
  return beforeDeadline(scope, task, () => invoke(scope, task))
}

/** lambda:invoke.waitForTaskToken. The result is the output that SendTaskSuccess brings. */
export async function runCallback(scope: FlowScope, state: TaskState, task: TaskProgress): Promise<Json> {
  const invocation = task.submitted === true ? undefined : submit(scope, state, task)
  // A function that fails ends the task; one that succeeds only submits it.
  const refused = invocation?.then(() => new Promise<never>(() => undefined))
  refused?.catch(() => undefined)
  const reply = await (refused === undefined ? awaitReply(scope) : Promise.race([awaitReply(scope), refused]))
  if ('error' in reply) throw new StateFailure(reply.error, reply.cause)
  return reply.output
}

async function submit(scope: FlowScope, state: TaskState, task: TaskProgress): Promise<void> {
  const result = await abortable(invoke(scope, task), scope.signal)
  const { task: current } = scope.step
  // The callback may have come first; then the state is over, or about to be.
  if (current === undefined || current.id !== task.id || current.reply !== undefined) return
  const details = { ...kind(state), output: JSON.stringify(result), outputDetails: { truncated: false } }
  scope.progress({ task: { ...current, submitted: true } }, { events: [happened('TaskSubmitted', details)] })
}

async function awaitReply(scope: FlowScope): Promise<Reply> {
  for (;;) {
    const { task } = scope.step
    if (task?.token === undefined) throw new Error(`The task of '${scope.record.state}' has no token`)
    if (task.reply !== undefined) return task.reply
    const now = scope.now()
    if (now >= (task.deadline ?? Infinity)) throw new StateFailure('States.Timeout')
    if (now >= (task.heartbeatDeadline ?? Infinity)) throw new StateFailure('States.HeartbeatTimeout')
    await sleepOrCalled(
      scope,
      task.token,
      Math.min(task.deadline ?? Infinity, task.heartbeatDeadline ?? Infinity),
    )
  }
}

async function sleepOrCalled(scope: FlowScope, token: string, until: number): Promise<void> {
  const either = new AbortController()
  const signal = AbortSignal.any([scope.signal, either.signal])
  const called = scope.runtime.called(token, signal)
  called.catch(() => undefined)
  try {
    if (until === Infinity) await abortable(called, scope.signal)
    else {
      const slept = scope.runtime.ports.clock.sleep(until - scope.now(), signal)
      slept.catch(() => undefined)
      await abortable(Promise.race([called, slept]), scope.signal)
    }
  } finally {
    either.abort()
  }
}

async function invoke(scope: FlowScope, task: TaskProgress): Promise<Json> {
  const { functionArn, payload } = readArguments(task.arguments)
  const { runtime, execution } = scope
  try {
    const answer = await runtime.ports.invokeFunction({
      functionArn,
      payload,
      callerRoleArn: execution.facts.roleArn,
      signal: runtime.closing,
    })
    if (answer.functionError !== undefined) throw functionFailure(answer.payload)
    const version = answer.executedVersion ?? qualifierOf(functionArn) ?? '$LATEST'
    return { ExecutedVersion: version, Payload: answer.payload, StatusCode: 200 }
  } catch (error) {
    throw serviceFailure(error)
  }
}

/** A function that failed: its error type names the error, its whole answer is the cause. */
function functionFailure(payload: Json): StateFailure {
  const type = isObject(payload) ? payload['errorType'] : undefined
  return new StateFailure(typeof type === 'string' ? type : 'Lambda.Unknown', JSON.stringify(payload))
}

function readArguments(given: Json): { functionArn: string; payload: Json } {
  const { FunctionName, Payload = {}, Qualifier, ...more } = isObject(given) ? given : {}
  const unknown = Object.keys(more)[0]
  if (unknown !== undefined)
    throw new StateFailure('States.Runtime', `lambda:invoke: '${unknown}' is not supported`)
  if (typeof FunctionName !== 'string')
    throw new StateFailure('States.Runtime', 'lambda:invoke needs a FunctionName')
  if (Qualifier === undefined) return { functionArn: FunctionName, payload: Payload }
  if (typeof Qualifier !== 'string') throw new StateFailure('States.Runtime', 'Qualifier must be a string')
  return { functionArn: `${FunctionName}:${Qualifier}`, payload: Payload }
}

function qualifierOf(functionArn: string): string | undefined {
  const parts = functionArn.split(':')
  return parts[0] === 'arn' ? parts[7] : parts[1]
}
