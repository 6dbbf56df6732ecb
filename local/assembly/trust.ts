import { authorize } from '../permissions/authorize.ts'
import type { Assembly } from './model.ts'
import { UnsupportedTemplate } from './unsupported-template.ts'

/** What Lambda, Step Functions and EventBridge check at deployment: that they may assume the roles given to them. */
export function checkTrust({ functions, stateMachines, rules, roles }: Assembly): void {
  const uses = [
    ...functions.map(({ arn, roleArn }) => ({ arn, roleArn, service: 'lambda.amazonaws.com' })),
    ...stateMachines.map(({ arn, roleArn }) => ({ arn, roleArn, service: 'states.amazonaws.com' })),
    ...rules.flatMap(({ arn, targets }) =>
      targets.flatMap(({ roleArn }) =>
        roleArn === undefined ? [] : [{ arn, roleArn, service: 'events.amazonaws.com' }],
      ),
    ),
  ]
  for (const { arn, roleArn, service } of uses) {
    const role = roles.find((candidate) => candidate.arn === roleArn)
    const decision =
      role !== undefined &&
      authorize({
        identity: [],
        resource: role.trust,
        principalArn: service,
        action: 'sts:AssumeRole',
        resourceArn: roleArn,
        context: { 'aws:SourceArn': arn, 'aws:SourceAccount': arn.split(':')[4] ?? '' },
      })
    if (decision !== false && decision.allowed) continue
    const reason =
      role === undefined ? `the role ${roleArn} is not here` : `${service} may not assume ${roleArn}`
    throw new UnsupportedTemplate({ stack: '', logicalId: arn, type: '', path: 'role' }, reason)
  }
}
