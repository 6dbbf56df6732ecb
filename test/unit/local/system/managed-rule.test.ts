import { expect, test } from 'vitest'
import type { Guard } from '../../../../local/permissions/guard.ts'
import { requireManagedRule } from '../../../../local/system/managed-rule.ts'

const place = 'us-east-1:000000000000'
const rule = `arn:aws:events:${place}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`
const roleArn = 'arn:aws:iam::000000000000:role/runs'

function register(resource: string, forbidden: string): void {
  const guard: Guard = {
    refusalOf: () => undefined,
    refusalOfAction: (_principal, { action, resourceArns: [resourceArn = ''] }) =>
      action === forbidden
        ? { action, resourceArn, message: `may not ${action} on ${resourceArn}` }
        : undefined,
  }
  const definition = JSON.stringify({ States: { N: { Type: 'Task', Resource: resource } } })
  requireManagedRule({ definition, arn: `arn:aws:states:${place}:stateMachine:runs`, roleArn }, guard)
}

test.each(['events:PutRule', 'events:PutTargets', 'events:DescribeRule'])(
  'a machine that waits for a nested execution is refused without %s',
  (action) => {
    const sync = 'arn:aws:states:::states:startExecution.sync:2'
    expect(() => register(sync, action)).toThrow(
      expect.objectContaining({
        name: 'AccessDeniedException',
        message: `'${roleArn}' is not authorized to create managed-rule. may not ${action} on ${rule}`,
      }),
    )
    expect(() => register(sync, 'other')).not.toThrow()
    expect(() => register('arn:aws:states:::states:startExecution', action)).not.toThrow()
  },
)
