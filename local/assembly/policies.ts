import { z } from 'zod'
import { conditionRefusal } from '../permissions/conditions.ts'
import type { Resource } from './deployment.ts'
import type { PolicyStatement } from './model.ts'
import { refuseProperty } from './properties.ts'

const texts = z.union([z.string().transform((one) => [one]), z.array(z.string())])
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const conditionValue = z.union([scalar, z.array(scalar)])
const principal = z.preprocess(
  (given) => (given === '*' ? { AWS: '*' } : given),
  z
    .strictObject({ AWS: texts.optional(), Service: texts.optional() })
    .transform((given) => [...(given.AWS ?? []), ...(given.Service ?? [])]),
)

const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  Principal: principal.optional(),
  Condition: z.record(z.string(), z.record(z.string(), conditionValue)).default({}),
})

/** Schema of a policy document; `NotResource` and `NotPrincipal` are refused as unknown. */
export const PolicyDocument = z.strictObject({
  Version: z.literal('2012-10-17'),
  Id: z.string().optional(),
  Statement: z.preprocess(
    (given) => (Array.isArray(given) ? given : [given]) as unknown[],
    z.array(Statement),
  ),
})

/**
 * The statements of a policy document that stands at `path` of a resource. What the evaluator could not judge
 * (operators, condition keys, policy variables) is refused here, at load, and not at the first request.
 */
export function readPolicy(
  resource: Resource,
  path: string,
  document: z.infer<typeof PolicyDocument>,
): readonly PolicyStatement[] {
  return document.Statement.map((statement, index) => {
    const at = `${path}.Statement[${index}]`
    const refusal = conditionRefusal(statement.Condition)
    if (refusal !== undefined) refuseProperty(resource, `${at}.Condition`, refusal)
    // A trust policy has no Resource: it is about its role.
    const resources = statement.Resource ?? ['*']
    if (resources.some((name) => name.includes('${'))) {
      refuseProperty(resource, `${at}.Resource`, 'policy variables are not supported')
    }
    return {
      effect: statement.Effect,
      actions: statement.Action ?? [],
      ...(statement.NotAction === undefined ? {} : { notActions: statement.NotAction }),
      resources,
      conditions: statement.Condition,
      ...(statement.Principal === undefined ? {} : { principals: statement.Principal }),
    }
  })
}
