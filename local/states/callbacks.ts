import { ApiError } from './errors.ts'
import type { Execution } from './execution.ts'
import { byteSize, parseJson, type Json } from './json.ts'
import { MAX_PAYLOAD_BYTES } from './limits.ts'
import type { Reply, TaskProgress } from './record.ts'
import type { Runner } from './runner.ts'
import { readToken } from './token.ts'

/** SendTaskSuccess: the output is on disk before this returns. */
export function sendTaskSuccess(runner: Runner, token: string, output: string): void {
  reply(runner, token, { output: parseOutput(output) })
}

/** SendTaskFailure. */
export function sendTaskFailure(
  runner: Runner,
  token: string,
  error: string,
  cause: string | undefined,
): void {
  reply(runner, token, { error, cause })
}

/** SendTaskHeartbeat: the time that HeartbeatSeconds gives begins anew. */
export function sendTaskHeartbeat(runner: Runner, token: string): void {
  const { execution, flow, task } = waitingTask(runner, token)
  if (task.heartbeatSeconds === undefined) return
  const heartbeatDeadline = runner.ports.clock.now() + task.heartbeatSeconds * 1000
  change(execution, flow, { ...task, heartbeatDeadline })
  runner.wake(token)
}

function reply(runner: Runner, token: string, brought: Reply): void {
  const { execution, flow, task } = waitingTask(runner, token)
  change(execution, flow, { ...task, reply: brought })
  runner.wake(token)
}

function change(execution: Execution, f: string, task: TaskProgress): void {
  const step = execution.flow(f)?.step ?? {}
  execution.write({ f, v: { step: { ...step, task } } })
}

function waitingTask(
  runner: Runner,
  token: string,
): { execution: Execution; flow: string; task: TaskProgress } {
  const { executionArn, flow } = readToken(token)
  const execution = runner.store.executions.get(executionArn)
  if (execution === undefined) throw new ApiError('TaskDoesNotExist', 'Task does not exist')
  const task = execution.flow(flow)?.step.task
  const now = runner.ports.clock.now()
  const late = now >= (task?.deadline ?? Infinity) || now >= (task?.heartbeatDeadline ?? Infinity)
  const waits = execution.facts.status === 'RUNNING' && task?.token === token && task.reply === undefined
  if (!waits || late) {
    throw new ApiError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'")
  }
  return { execution, flow, task }
}

function parseOutput(text: string): Json {
  try {
    const output = parseJson(text)
    if (byteSize(output) <= MAX_PAYLOAD_BYTES) return output
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new ApiError('InvalidOutput', 'The output is not JSON, or too large')
}
