import { z } from 'zod'
import { arnOf, nameOf } from './arns.ts'
import type { Deployment, Resource } from './deployment.ts'
import { managedPolicies } from './managed-policies.ts'
import type { PolicyStatement, RoleModel } from './model.ts'
import { PolicyDocument, readPolicy } from './policies.ts'
import { readProperties, refuseProperty } from './properties.ts'

const RoleProperties = z.strictObject({
  RoleName: z.string().optional(),
  Path: z.literal('/').optional(),
  AssumeRolePolicyDocument: PolicyDocument,
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument })).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
})
const PolicyProperties = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument,
  Roles: z.array(z.string()).min(1),
})
const ManagedPolicyProperties = z.strictObject({
  ManagedPolicyName: z.string().optional(),
  Path: z.literal('/').optional(),
  PolicyDocument,
  Roles: z.array(z.string()).default([]),
})

export const roleTypes = ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']

export function readRoles(deployment: Deployment): RoleModel[] {
  const attached = new Map<string, PolicyStatement[]>()
  const attach = (
    resource: Resource,
    roles: readonly string[],
    statements: readonly PolicyStatement[],
  ): void => {
    for (const [index, role] of roles.entries()) {
      const known = deployment.ofType('AWS::IAM::Role').some((item) => nameOf(item, deployment) === role)
      if (!known) refuseProperty(resource, `Roles[${index}]`, `${role} is not a role here`)
      attached.set(role, [...(attached.get(role) ?? []), ...statements])
    }
  }
  for (const resource of deployment.ofType('AWS::IAM::Policy')) {
    const given = readProperties(deployment, resource, PolicyProperties)
    attach(resource, given.Roles, readPolicy(resource, 'PolicyDocument', given.PolicyDocument))
  }
  const managed = new Map(managedPolicies)
  for (const resource of deployment.ofType('AWS::IAM::ManagedPolicy')) {
    const given = readProperties(deployment, resource, ManagedPolicyProperties)
    const statements = readPolicy(resource, 'PolicyDocument', given.PolicyDocument)
    managed.set(arnOf(resource, deployment), statements)
    attach(resource, given.Roles, statements)
  }
  return deployment.ofType('AWS::IAM::Role').map((resource) => {
    const given = readProperties(deployment, resource, RoleProperties)
    const name = nameOf(resource, deployment)
    const inline = given.Policies.flatMap((policy, index) =>
      readPolicy(resource, `Policies[${index}].PolicyDocument`, policy.PolicyDocument),
    )
    const byArn = given.ManagedPolicyArns.flatMap(
      (arn, index) =>
        managed.get(arn) ??
        refuseProperty(resource, `ManagedPolicyArns[${index}]`, `${arn} is not supported`),
    )
    return {
      name,
      arn: arnOf(resource, deployment),
      statements: [...inline, ...(attached.get(name) ?? []), ...byArn],
      trust: readPolicy(resource, 'AssumeRolePolicyDocument', given.AssumeRolePolicyDocument),
    }
  })
}
