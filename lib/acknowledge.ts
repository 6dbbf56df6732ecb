import { Stack, Validations } from 'aws-cdk-lib'
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js'
import type { IConstruct } from 'constructs'

/** Accepts one finding of cdk-nag on one resource. */
export function acknowledge(resource: IConstruct, id: string, reason: string): void {
  Validations.of(resource).acknowledge({ id: `AwsSolutions-${id}`, reason })
}

/** Accepts that the resources of a statement end in `*`, on the policy that the role has in its stack. */
export function acknowledgeWildcards(role: Role, statement: PolicyStatement, reason: string): void {
  for (const resource of statement.resources) {
    const text = flattenCfnReference(Stack.of(role).resolve(resource))
    if (text.includes('*')) acknowledge(policyOf(role), `IAM5[Resource::${text}]`, reason)
  }
}

/** Accepts `*` itself, which some actions ask for. */
export function acknowledgeEverything(role: Role, reason: string): void {
  acknowledge(policyOf(role), 'IAM5[Resource::*]', reason)
}

function policyOf(role: Role): IConstruct {
  const policy = role.node.tryFindChild('DefaultPolicy')?.node.defaultChild
  if (policy === undefined) throw new Error(`${role.node.path} has no policy yet`)
  return policy
}
