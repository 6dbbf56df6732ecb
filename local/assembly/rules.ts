import { z } from 'zod'
import { arnOf, nameOf } from './arns.ts'
import type { Deployment } from './deployment.ts'
import type { RuleModel } from './model.ts'
import { readProperties } from './properties.ts'

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    context.addIssue(`is not JSON: ${String(error)}`)
    return z.NEVER
  }
})
const RuleProperties = z.strictObject({
  Name: z.string().optional(),
  EventBusName: z.literal('default').optional(),
  // Without a pattern it would be a schedule.
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z
    .array(
      z.strictObject({
        Arn: z.string(),
        RoleArn: z.string().optional(),
        Input: json.optional(),
        InputPath: z.string().optional(),
        InputTransformer: z
          .strictObject({
            InputPathsMap: z.record(z.string(), z.string()).default({}),
            InputTemplate: z.string(),
          })
          .optional(),
      }),
    )
    .default([]),
})

export const ruleTypes = ['AWS::Events::Rule']

/** The rules that are switched on. */
export function readRules(deployment: Deployment): RuleModel[] {
  return deployment.ofType('AWS::Events::Rule').flatMap((resource) => {
    const given = readProperties(deployment, resource, RuleProperties)
    if (given.State === 'DISABLED') return []
    const targets = given.Targets.map(
      ({ Arn, RoleArn, Input, InputPath, InputTransformer: transformer }) => ({
        arn: Arn,
        ...(RoleArn === undefined ? {} : { roleArn: RoleArn }),
        ...(Input === undefined ? {} : { input: Input }),
        ...(InputPath === undefined ? {} : { inputPath: InputPath }),
        ...(transformer === undefined
          ? {}
          : { inputTransformer: { paths: transformer.InputPathsMap, template: transformer.InputTemplate } }),
      }),
    )
    const name = nameOf(resource, deployment)
    return [{ name, arn: arnOf(resource, deployment), pattern: given.EventPattern, targets }]
  })
}
