import type { Integration } from './definition.ts'
import { holdPayloadLimit } from './limits.ts'
import type { Json } from './json.ts'
import type { TaskProgress } from './record.ts'
import type { FlowScope } from './scope.ts'
import { beforeDeadline, serviceFailure } from './task-deadline.ts'

/** Optimized integrations of SNS and DynamoDB, and those of the AWS SDK: the call goes to the injected service. */
export async function runService(
  scope: FlowScope,
  { service, action, style }: Extract<Integration, { kind: 'service' }>,
  task: TaskProgress,
): Promise<Json> {
  const { ports } = scope.runtime
  const callerRoleArn = scope.execution.facts.roleArn
  const call = { integration: style, service, action, parameters: task.arguments, callerRoleArn }
  try {
    const answer = await beforeDeadline(scope, task, () => ports.callService(call))
    holdPayloadLimit(answer, scope.record.state)
    return answer
  } catch (error) {
    throw serviceFailure(error)
  }
}
