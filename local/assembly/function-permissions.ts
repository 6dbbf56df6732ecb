import { z } from 'zod'
import type { Deployment, Resource } from './deployment.ts'
import type { PolicyStatement } from './model.ts'
import { readProperties } from './properties.ts'

const PermissionProperties = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
})

/** Resource policies of functions (`AWS::Lambda::Permission`), by unqualified function ARN. */
export function readPermissions(
  deployment: Deployment,
  target: (resource: Resource, reference: string) => { functionArn: string; qualifiedArn: string },
): Map<string, PolicyStatement[]> {
  const policies = new Map<string, PolicyStatement[]>()
  for (const resource of deployment.ofType('AWS::Lambda::Permission')) {
    const given = readProperties(deployment, resource, PermissionProperties)
    const { functionArn, qualifiedArn } = target(resource, given.FunctionName)
    const statement: PolicyStatement = {
      effect: 'Allow',
      actions: [given.Action],
      resources: [qualifiedArn],
      principals: [given.Principal],
      // As Lambda itself writes them into the policy of the function.
      conditions: {
        ...(given.SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': given.SourceArn } }),
        ...(given.SourceAccount === undefined
          ? {}
          : { StringEquals: { 'aws:SourceAccount': given.SourceAccount } }),
      },
    }
    policies.set(functionArn, [...(policies.get(functionArn) ?? []), statement])
  }
  return policies
}
