import type { StateMachineModel } from '../assembly/model.ts'
import type { Guard } from '../permissions/guard.ts'
import { assumedRoleArn } from '../permissions/principals.ts'

const actions = ['events:PutRule', 'events:PutTargets', 'events:DescribeRule']

/**
 * Step Functions hears of the end of a nested execution (`.sync`) by an EventBridge rule of its own, which it makes under
 * the role of the state machine. It refuses a definition whose role may not do that.
 * Source: Step Functions developer guide, "IAM policies for integrated services", Step Functions.
 */
export function requireManagedRule(
  { definition, arn, roleArn }: Pick<StateMachineModel, 'definition' | 'arn' | 'roleArn'>,
  guard: Guard,
): void {
  if (!definition.includes('arn:aws:states:::states:startExecution.sync')) return
  const place = arn.split(':').slice(3, 5).join(':')
  const rule = `arn:aws:events:${place}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`
  for (const action of actions) {
    const requested = { action, resourceArns: [rule], context: {} }
    const refusal = guard.refusalOfAction(assumedRoleArn(roleArn, 'local'), requested)
    if (refusal === undefined) continue
    const error = new Error(`'${roleArn}' is not authorized to create managed-rule. ${refusal.message}`)
    throw Object.assign(error, { name: 'AccessDeniedException' })
  }
}
